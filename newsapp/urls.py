"""The root of all addresses: pages, the API and the operator's admin."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("annotations.api.urls")),  # first: programs save more often than people open pages
    path("", include("annotations.web.urls")),
    path("", include("annotations.web.entrance_urls")),
    path("admin/", admin.site.urls),
]

handler400 = "annotations.web.http.bad_request"
handler403 = "annotations.web.http.forbidden"
handler404 = "annotations.web.http.not_found"
handler500 = "annotations.web.http.server_error"
