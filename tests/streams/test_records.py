"""Records on their way."""

from streams.records import Incoming


def test_a_trace_is_passed_on_and_one_of_any_length_is_not() -> None:
    trace = ("traceparent", b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
    record = Incoming("articles.raw", 0, 0, 0, b"key", b"value", (trace, ("tracestate", b"x" * 10_000)))
    assert [header for header in record.passed_on if header[0].startswith("trace")] == [trace]


def test_a_record_takes_the_bytes_of_its_key_and_headers_too() -> None:
    bare = Incoming("articles.raw", 0, 0, 0, None, b"value")
    assert Incoming("articles.raw", 0, 0, 0, b"k" * 100, b"value", (("h", b"x" * 1000),)).size_bytes == bare.size_bytes + 1101
