"""What the API keeps of its own: the answers to requests that may come twice."""

from django.db import models


class Idempotency(models.Model):
    """One key of one person: which request it stood for, and what was answered. Written in the act's own transaction."""

    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+", verbose_name="人员")
    key = models.CharField("请求标识", max_length=100)
    request = models.CharField("请求摘要", max_length=64)
    answer = models.JSONField("应答", null=True)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "幂等请求"
        constraints = (models.UniqueConstraint(fields=["person", "key"], name="api_idempotency_once"),)

    def __str__(self) -> str:
        return self.key
