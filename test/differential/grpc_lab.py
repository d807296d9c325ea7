# The service of lab.proto as the tests want it, in any server: `service(message_type, method)` gives its handlers.
import time

import grpc

METADATA = (("x-served-by", "python"), ("x-bytes-bin", bytes(range(256))))


def echo(request, context):
    """Compressed if the client asks for it; what it sent of metadata comes back in the trailers."""
    heard = dict(context.invocation_metadata())
    if "x-gzip" in heard:
        context.set_compression(grpc.Compression.Gzip)
    context.send_initial_metadata(METADATA)
    context.set_trailing_metadata(tuple((name, heard[name]) for name in ("x-user", "x-trace-bin") if name in heard))
    return request


def wait(request, context):
    while context.is_active():
        time.sleep(0.01)
    return request


def service(message_type, method):
    def generate(request, context):
        for i in range(request.count):
            yield message_type("lab.Sample")(int32_value=i, tags=["generated"])

    def collect(requests, context):
        sizes = [request.ByteSize() for request in requests]
        return message_type("lab.Summary")(count=len(sizes), size_bytes=sum(sizes))

    def exchange(requests, context):
        yield from requests

    def fail(request, context):
        status = message_type("google.rpc.Status")(code=request.code, message=request.message, details=request.details)
        context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
        code = next(code for code in grpc.StatusCode if code.value[0] == request.code)
        context.abort(code, request.message)

    sample = "lab.Sample"
    return grpc.method_handlers_generic_handler("lab.Lab", {
        "Echo": method(grpc.unary_unary_rpc_method_handler, echo, sample, sample),
        "OldEcho": method(grpc.unary_unary_rpc_method_handler, wait, sample, sample),
        "Generate": method(grpc.unary_stream_rpc_method_handler, generate, "lab.GenerateRequest", sample),
        "Collect": method(grpc.stream_unary_rpc_method_handler, collect, sample, "lab.Summary"),
        "Exchange": method(grpc.stream_stream_rpc_method_handler, exchange, sample, sample),
        "Fail": method(grpc.unary_unary_rpc_method_handler, fail, "lab.FailRequest", "google.protobuf.Empty"),
    })
