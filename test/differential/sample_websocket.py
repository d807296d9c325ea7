# The other side of the WebSocket samples, by python3-websockets. `server [CERT KEY]` prints its port and serves the chat, the
# room of Django Channels and the login; `client KIND URL` talks to a server as KIND (chat, channels, login) says and prints "ok".
import asyncio
import json
import ssl
import sys
import uuid

import websockets

TOKENS = set()


async def serve(ws):
    async for text in ws:
        message = json.loads(text)
        if ws.path.startswith("/ws/chat/"):
            # What the consumer of Channels' tutorial does; its validator looks at the origin.
            if ws.request_headers["Origin"] != "http://" + ws.request_headers["Host"]:
                await ws.close(4403)
            await ws.send(json.dumps({"message": message["message"]}))
        elif message.get("type") == "login":
            TOKENS.add(str(uuid.uuid4()))
            await ws.send(json.dumps({"type": "welcome", "auth": {"token": max(TOKENS)}}))
        elif message.get("type") == "order":
            known = message["token"] in TOKENS and message["item"] != ""
            await ws.send(json.dumps({"type": "done" if known else "refused"}))
        else:
            await ws.send(json.dumps({"user": "Python", "text": message["text"]}))


async def start_server(cert=None, key=None):
    context = None
    if cert:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, key)
    async with websockets.serve(serve, "127.0.0.1", 0, ssl=context) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.Future()


async def ask(ws, message):
    await ws.send(json.dumps(message))
    return json.loads(await asyncio.wait_for(ws.recv(), 10))


async def talk(kind, url):
    context = None
    if url.startswith("wss:"):
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    async with websockets.connect(url, ssl=context) as ws:
        if kind == "channels":
            assert await ask(ws, {"message": "Grüße"}) == {"message": "Grüße"}
        elif kind == "login":
            assert (await ask(ws, {"type": "order", "token": "mine"}))["type"] == "refused"
            token = (await ask(ws, {"type": "login", "user": "Python"}))["auth"]["token"]
            assert (await ask(ws, {"type": "order", "token": token, "item": "tea"})) == {"type": "done"}
        else:
            assert "Hello!" in (await ask(ws, {"user": "Python", "text": "Hello!"}))["text"]
            assert "Bye" in (await ask(ws, {"user": "Python", "text": "Bye!"}))["text"]
    print("ok", flush=True)


if sys.argv[1] == "server":
    asyncio.run(start_server(*sys.argv[2:]))
else:
    asyncio.run(talk(*sys.argv[2:]))
