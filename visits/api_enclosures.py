"""Photos and voice notes of a visit: sent by themselves, once the visit is stored."""

import uuid
from typing import ClassVar

from django.db import IntegrityError
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import Access
from accounts.answers import Problem, answer, refusal
from accounts.asking import sent_file
from accounts.permissions import Permission
from attachments import services as attachments
from attachments.models import Attachment
from visits.api import recorder
from visits.services import enclosing

NO_VISIT = "没有找到这个附件的走访，没有收。请把照片或录音另外交给村里。"
OTHER_FILE = "同一个编号的附件已经有了，不是这个文件，没有收。请重新拍或重新录。"


class AttachmentSerializer(serializers.ModelSerializer[Attachment]):
    """A file as it is kept."""

    class Meta:
        model = Attachment
        fields: ClassVar = ("id", "kind", "mime", "name", "size", "seconds")
        read_only_fields = fields


class VisitAttachment(APIView):
    """A photo or voice note of a visit, sent by itself after the visit."""

    access = Access(permission=Permission.VISIT_RECORD)

    @extend_schema(
        parameters=[OpenApiParameter("name", str, description="文件名")],
        request={"application/octet-stream": OpenApiTypes.BINARY},
        responses={
            200: AttachmentSerializer,
            201: AttachmentSerializer,
            403: Problem,
            404: Problem,
            409: Problem,
            422: Problem,
        },
    )
    def put(self, request: Request, pk: uuid.UUID, attachment: uuid.UUID) -> Response:
        """Keep a file under the id that the phone made.

        The body is the file, its type is found by its content. 201 kept · 200 it was
        kept already · 404 `no_visit` · 409 `other_content`: the id holds another file ·
        422 `refused`: too big, cut off, of another type, in words.
        """
        by = recorder(request)
        try:
            kept, created = enclosing.enclose(
                visit_id=pk, attachment_id=attachment, upload=sent_file(request), by=by
            )
        except enclosing.NoVisit:
            return refusal(status.HTTP_404_NOT_FOUND, "no_visit", NO_VISIT)
        except (attachments.OtherContent, IntegrityError):
            return refusal(status.HTTP_409_CONFLICT, "other_content", OTHER_FILE)
        return answer(AttachmentSerializer(kept).data, created=created)
