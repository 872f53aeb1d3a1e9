"""Addresses of the pages."""

from django.urls import URLPattern, path

from annotations.web import accounts, articles, desk, exports, guidelines, imports, labels, members, projects, review

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
    path("my-articles/spans/", articles.my_spans, name="my-spans"),
    path("annotation-sets/<uuid:annotation_set>/reopen/", articles.reopen, name="reopen"),
    path("desk/<uuid:set_id>/", desk.desk, name="desk"),
    path("", projects.project_list, name="projects"),
    path("projects/new/", projects.new_project, name="project-new"),
    path("projects/<slug:slug>/", projects.project_home, name="project"),
    path("projects/<slug:slug>/next/", projects.next_article, name="next-article"),
    path("projects/<slug:slug>/articles/", articles.article_list, name="articles"),
    path("articles/<uuid:article_id>/", articles.article, name="article"),
    path("articles/<uuid:article_id>/history/", articles.article_history, name="article-history"),
    path("projects/<slug:slug>/labels/", labels.label_list, name="labels"),
    path("projects/<slug:slug>/labels/new/", labels.new_label, name="label-new"),
    path("projects/<slug:slug>/labels/<slug:key>/edit/", labels.label, name="label"),
    path("projects/<slug:slug>/labels/<slug:key>/archive/", labels.archive_label, name="label-archive"),
    path("projects/<slug:slug>/labels/<slug:key>/attributes/new/", labels.attribute, name="attribute-new"),
    path(
        "projects/<slug:slug>/labels/<slug:key>/attributes/<slug:attribute>/edit/", labels.attribute, name="attribute"
    ),
    path(
        "projects/<slug:slug>/labels/<slug:key>/attributes/<slug:attribute>/remove/",
        labels.remove_attribute,
        name="attribute-remove",
    ),
    path("projects/<slug:slug>/relation-labels/new/", labels.new_relation_label, name="relation-label-new"),
    path("projects/<slug:slug>/relation-labels/<slug:key>/edit/", labels.relation_label, name="relation-label"),
    path(
        "projects/<slug:slug>/relation-labels/<slug:key>/archive/",
        labels.archive_relation_label,
        name="relation-label-archive",
    ),
    path("projects/<slug:slug>/guideline/", guidelines.guideline, name="guideline"),
    path("projects/<slug:slug>/guideline/new/", guidelines.new_guideline, name="guideline-new"),
    path("projects/<slug:slug>/guideline/<int:number>/", guidelines.guideline, name="guideline-version"),
    path(
        "projects/<slug:slug>/guideline/<int:number>/difference/",
        guidelines.guideline_difference,
        name="guideline-difference",
    ),
    path("projects/<slug:slug>/members/", members.member_list, name="members"),
    path("projects/<slug:slug>/invitations/", members.invite, name="invite"),
    path(
        "projects/<slug:slug>/invitations/<uuid:invitation>/withdraw/",
        members.withdraw_invitation,
        name="invitation-withdraw",
    ),
    path("projects/<slug:slug>/members/<path:username>/role/", members.change_role, name="member-role"),
    path("projects/<slug:slug>/members/<path:username>/remove/", members.remove_member, name="member-remove"),
    path(
        "projects/<slug:slug>/members/<path:username>/password/", members.offer_password_reset, name="member-password"
    ),
    path("projects/<slug:slug>/import/", imports.imports, name="imports"),
    path("projects/<slug:slug>/export/", exports.exports, name="exports"),
    path("projects/<slug:slug>/export/download/", exports.export_download, name="export-download"),
    path("projects/<slug:slug>/settings/", projects.project_settings, name="project-settings"),
    path("projects/<slug:slug>/settings/archive/", projects.archive_project, name="project-archive"),
    path("projects/<slug:slug>/review/", review.review, name="review"),
    path("projects/<slug:slug>/review/<uuid:article_id>/", review.review_article, name="review-article"),
    path("projects/<slug:slug>/review/<uuid:article_id>/decide/", review.review_decide, name="review-decide"),
    path("projects/<slug:slug>/review/<uuid:article_id>/undo/", review.review_undo, name="review-undo"),
    path("projects/<slug:slug>/review/<uuid:article_id>/accept/", review.review_accept, name="review-accept"),
    path("projects/<slug:slug>/review/<uuid:article_id>/finish/", review.review_finish, name="review-finish"),
    path("projects/<slug:slug>/review/<uuid:article_id>/return/", review.review_return, name="review-return"),
]
