# A chat room with a price feed, for pictures: JSON in both directions, a ping, a binary message, compression, and one
# frame whose length is written longer than it may be. Prints its port.
import asyncio
import json

import websockets

PEOPLE = ["ada", "grace", "linus", "margaret"]
LINES = ["good morning", "the build is green again", "who has seen the release notes?", "lunch at noon"]


async def serve(connection):
    await connection.send(json.dumps({"type": "welcome", "room": "lobby", "members": PEOPLE}))
    async for message in connection:
        order = json.loads(message)
        if order["type"] != "join":
            await connection.send(json.dumps({"type": "message", "from": "you", "text": order.get("text"), "id": 1042}))
            continue
        for number, (person, line) in enumerate(zip(PEOPLE, LINES)):
            await connection.send(json.dumps({"type": "message", "from": person, "text": line, "id": 1038 + number}))
            await asyncio.sleep(0.03)
        await (await connection.ping(b"still there?"))
        await connection.send(bytes.fromhex("83a474797065a57072696365a673796d626f6ca457534350a57072696365cb405ee147ae147ae1"))
        await connection.send(json.dumps({"type": "history", "items": [{"at": 1700000000 + n, "price": 123.5 + n % 7} for n in range(60)]}))
        connection.transport.write(bytes.fromhex("817e0005") + b"hello")


async def main():
    async with websockets.serve(serve, "127.0.0.1", 0) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.get_running_loop().create_future()


asyncio.run(main())
