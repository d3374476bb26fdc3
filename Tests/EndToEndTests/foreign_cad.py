"""A dispatch system as its vendor would write it: pika, and what the documentation says.

Arguments: host port vhost user password agency. Standard input: JSON lines {"key", "body" (base64)}.
Prints JSON: how each publication went, and the receipts that came back, as the broker handed them over.
"""
import base64
import json
import sys
import time

import pika

host, port, vhost, user, password, agency = sys.argv[1:7]
parameters = pika.ConnectionParameters(
    host, int(port), vhost, pika.PlainCredentials(user, password), socket_timeout=10)


def publish(key, body):
    connection = pika.BlockingConnection(parameters)
    try:
        channel = connection.channel()
        channel.confirm_delivery()
        channel.basic_publish("cad", key, body, pika.BasicProperties(delivery_mode=2), mandatory=True)
        return "confirmed"
    except pika.exceptions.ChannelClosedByBroker as error:
        return f"refused {error.reply_code}"
    except pika.exceptions.UnroutableError:
        return "unroutable"
    finally:
        if connection.is_open:
            connection.close()


messages = [json.loads(line) for line in sys.stdin if line.strip()]
outcomes = [publish(message["key"], base64.b64decode(message["body"])) for message in messages]

receipts = []
wanted = int(sys.argv[7])
connection = pika.BlockingConnection(parameters)
channel = connection.channel()
deadline = time.monotonic() + 30
while len(receipts) < wanted and time.monotonic() < deadline:
    method, properties, body = channel.basic_get(f"receipts.{agency}", auto_ack=True)
    if method is None:
        connection.sleep(0.1)
        continue
    receipts.append({"body": json.loads(body), "headers": properties.headers, "id": properties.message_id})
connection.close()
print(json.dumps({"outcomes": outcomes, "receipts": receipts}))
