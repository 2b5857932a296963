"""One's own messages for other programs."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import Access
from accounts.models import User
from inbox import services
from inbox.models import Message, MessageQuerySet


class MessageSerializer(serializers.ModelSerializer[Message]):
    """A message as its recipient reads it."""

    sent_by = serializers.CharField(source="sent_by.name", default="", read_only=True)

    class Meta:
        model = Message
        fields: ClassVar = (
            "id",
            "region",
            "kind",
            "title",
            "body",
            "url",
            "sent_by",
            "created_at",
            "read_at",
        )
        read_only_fields = fields


class MessageList(generics.ListAPIView[Message]):
    """The caller's own messages, the latest first."""

    access = Access()
    serializer_class = MessageSerializer
    queryset = Message.objects.none()
    filterset_fields: ClassVar = {"kind": ["exact"], "read_at": ["isnull"]}

    def get_queryset(self) -> MessageQuerySet:
        """Return what the caller was told."""
        return own(self.request).select_related("sent_by")


class MessageRead(APIView):
    """Note that a message was read; saying it again changes nothing."""

    access = Access()

    @extend_schema(request=None, responses={200: MessageSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Answer with the message; 404 if it is not the caller's."""
        message = get_object_or_404(own(request), pk=pk)
        services.mark_read(user=message.recipient, message=message)
        message.refresh_from_db()
        return Response(MessageSerializer(message).data)


def own(request: Request) -> MessageQuerySet:
    """Return the messages of whoever asks; none for a person without a post."""
    user: Any = request.user
    if not isinstance(user, User) or not getattr(request._request, "post", None):
        return Message.objects.none()
    return Message.objects.to(user)
