"""Two requests of Kafka's protocol that aiokafka has only in versions that do not tell which operations are allowed."""

from typing import Any

from aiokafka.protocol.admin import DescribeGroupsRequest_v3, DescribeGroupsResponse_v3
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.metadata import MetadataResponse_v5
from aiokafka.protocol.types import Array, Boolean, Int16, Int32, Schema, String


class _MetadataResponse_v8(Response):
    API_KEY, API_VERSION = 3, 8
    SCHEMA = Schema(
        *zip(MetadataResponse_v5.SCHEMA.names[:-1], MetadataResponse_v5.SCHEMA.fields[:-1], strict=True),
        (
            "topics",
            Array(
                ("error_code", Int16),
                ("topic", String("utf-8")),
                ("is_internal", Boolean),
                (
                    "partitions",
                    Array(
                        ("error_code", Int16),
                        ("partition", Int32),
                        ("leader", Int32),
                        ("leader_epoch", Int32),
                        ("replicas", Array(Int32)),
                        ("isr", Array(Int32)),
                        ("offline_replicas", Array(Int32)),
                    ),
                ),
                ("authorized_operations", Int32),
            ),
        ),
        ("cluster_authorized_operations", Int32),
    )


class _MetadataRequest_v8(RequestStruct):
    API_KEY, API_VERSION, RESPONSE_TYPE = 3, 8, _MetadataResponse_v8
    SCHEMA = Schema(
        ("topics", Array(String("utf-8"))), ("create", Boolean), ("cluster_operations", Boolean), ("topic_operations", Boolean)
    )


class OperationsOfTopics(Request[_MetadataRequest_v8]):
    """Metadata of topics, with what is allowed on them; creates none."""

    API_KEY = 3

    def __init__(self, topics: list[str]) -> None:
        self._topics = topics

    def build(self, request_struct_class: Any) -> Any:
        """What is sent."""
        return request_struct_class(self._topics, False, False, True)


class _DescribeGroupsRequest_v3(RequestStruct):
    API_KEY, API_VERSION, RESPONSE_TYPE = 15, 3, DescribeGroupsResponse_v3  # aiokafka 0.14 takes the answer for one of version 2
    SCHEMA = DescribeGroupsRequest_v3.SCHEMA


class OperationsOfGroups(Request[_DescribeGroupsRequest_v3]):
    """Groups, with what is allowed on them; to be sent to their coordinator."""

    API_KEY = 15

    def __init__(self, groups: list[str]) -> None:
        self._groups = groups

    def build(self, request_struct_class: Any) -> Any:
        """What is sent."""
        return request_struct_class(self._groups, True)
