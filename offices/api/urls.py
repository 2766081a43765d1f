"""Below /api/v1/."""

from django.urls import path

from offices.api.views import OfficeDetail, OfficeList, ServiceDetail, ServiceList

urlpatterns = [
    path("offices/", OfficeList.as_view(), name="api-offices"),
    path("offices/<slug:code>/", OfficeDetail.as_view(), name="api-office"),
    path("services/", ServiceList.as_view(), name="api-services"),
    path("services/<slug:code>/", ServiceDetail.as_view(), name="api-service"),
]
