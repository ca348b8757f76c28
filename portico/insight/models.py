"""Saved views: lists with their filters, columns and order, under a name."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portico.accounts.models import User
from portico.insight.choices import ViewSubject
from portico.insight.querysets import ViewQuerySet
from portico.kit.tenancy.models import TenantManager, TenantModel


class View(TenantModel):
    """A list as somebody arranged it; private to its owner, or shared with all agents.

    `parameters` are those of the list's own address (filters and `sort`), `columns` the names of
    the columns in their order, empty for the list's own.
    """

    record_type = "view"

    subject = models.CharField(max_length=14, choices=ViewSubject)
    name = models.CharField(_("Name"), max_length=100)
    owner = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    is_shared = models.BooleanField(default=False)
    parameters = models.JSONField(default=dict)
    columns = models.JSONField(default=list, blank=True)
    place = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(ViewQuerySet)()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "subject", "name"],
                condition=Q(is_shared=True),
                name="view_shared_name_once",
            ),
            models.UniqueConstraint(
                fields=["workspace", "subject", "owner", "name"],
                condition=Q(is_shared=False),
                name="view_own_name_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name
