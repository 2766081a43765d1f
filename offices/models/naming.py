"""Names and places in Chinese and in English."""

from django.db import models
from django.utils.translation import get_language

from offices.script import in_script


def in_language(chinese: str, english: str) -> str:
    """The text for the language of this request; Chinese where there is no English."""
    if english and (get_language() or "").startswith("en"):
        return english
    return in_script(chinese)


class Named(models.Model):
    """Something with a stable code and a name in both languages."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=160, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return in_language(self.name, self.name_en)


class Located(models.Model):
    """Something with an address in both languages."""

    city = models.CharField(max_length=40)
    city_en = models.CharField(max_length=60, blank=True)
    district = models.CharField(max_length=40, blank=True)
    district_en = models.CharField(max_length=60, blank=True)
    address = models.CharField(max_length=200, blank=True)
    address_en = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True

    @property
    def city_label(self) -> str:
        return in_language(self.city, self.city_en)

    @property
    def district_label(self) -> str:
        return in_language(self.district, self.district_en)

    @property
    def address_label(self) -> str:
        return in_language(self.address, self.address_en)
