"""Addresses of the pages."""

from django.urls import URLPattern, path

from annotations.web import accounts, articles, desk, projects

urlpatterns: list[URLPattern] = [
    path("sign-in/", accounts.sign_in, name="sign-in"),
    path("sign-out/", accounts.sign_out, name="sign-out"),
    path("invitations/<str:secret>/", accounts.accept_invitation, name="invitation"),
    path("passwords/<str:secret>/", accounts.reset_password, name="password-reset"),
    path("account/", accounts.account, name="account"),
    path("account/look/", accounts.change_preferences, name="account-preferences"),
    path("account/password/", accounts.change_password, name="account-password"),
    path("account/tokens/", accounts.create_token, name="tokens"),
    path("account/tokens/<uuid:token>/revoke/", accounts.revoke_token, name="token-revoke"),
    path("my-articles/", articles.my_articles, name="my-articles"),
    path("annotation-sets/<uuid:annotation_set>/reopen/", articles.reopen, name="reopen"),
    path("desk/<uuid:set_id>/", desk.desk, name="desk"),
    path("", projects.project_list, name="projects"),
    path("projects/new/", projects.new_project, name="project-new"),
    path("projects/<slug:slug>/", projects.project_home, name="project"),
    path("projects/<slug:slug>/next/", projects.next_article, name="next-article"),
    path("projects/<slug:slug>/settings/", projects.project_settings, name="project-settings"),
]
