"""The wire itself, with nothing but the standard library: what every client stands on."""

import json
import unittest
import urllib.error
import urllib.request

from proxy import HELLO, KEY, TEXT, URL, VENDORS, model_of


def call(path, body=None, key=KEY):
    data = None if body is None else json.dumps(body).encode()
    headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
    request = urllib.request.Request(URL + path, data=data, headers=headers)
    return urllib.request.urlopen(request, timeout=30)


class Wire(unittest.TestCase):
    def test_chat(self):
        for vendor in VENDORS:
            with self.subTest(vendor):
                with call("/v1/chat/completions", {"model": model_of(vendor), "messages": HELLO}) as answer:
                    body = json.load(answer)
                    self.assertEqual(answer.headers["x-llm-proxy-provider"], vendor)
                self.assertEqual(body["choices"][0]["message"]["content"], TEXT)
                self.assertEqual(body["usage"]["total_tokens"], 29)

    def test_chat_streamed(self):
        for vendor in VENDORS:
            with self.subTest(vendor):
                request = {"model": model_of(vendor), "messages": HELLO, "stream": True}
                with call("/v1/chat/completions", request) as answer:
                    records = [line[6:] for line in answer.read().decode().splitlines() if line[:6] == "data: "]
                self.assertEqual(records.pop(), "[DONE]")
                chunks = [json.loads(record) for record in records]
                deltas = [choice["delta"] for chunk in chunks for choice in chunk["choices"]]
                self.assertEqual("".join(delta.get("content") or "" for delta in deltas), TEXT)

    def test_models(self):
        with call("/v1/models") as answer:
            ids = [model["id"] for model in json.load(answer)["data"]]
        for vendor in VENDORS:
            self.assertIn(f"public-{vendor}", ids)

    def test_refusal(self):
        with self.assertRaises(urllib.error.HTTPError) as raised:
            call("/v1/chat/completions", {"model": "nobody", "messages": HELLO}, key="wrong")
        with raised.exception as error:
            self.assertEqual(error.code, 401)
            self.assertEqual(json.load(error)["error"]["code"], "invalid_api_key")


if __name__ == "__main__":
    unittest.main()
