"""A fetch-page handler in Python. It receives the request as its event and follows the same contract."""

import json
import urllib.request


def handler(event, context):
    start, limit = event["offset"], event["pageSize"]
    with urllib.request.urlopen(f"https://api.example.com/orders?offset={start}&limit={limit}", timeout=30) as response:
        # A list is a page by offset: the first empty one ends the import.
        return json.load(response)
