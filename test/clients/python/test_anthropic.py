"""The package `anthropic`, as an application uses it: only the base URL and the key are ours."""

import asyncio
import unittest

import anthropic
from anthropic import Anthropic, AsyncAnthropic

from proxy import HELLO, KEY, SCHEMA, TEXT, URL, VENDORS, model_of

TOOLS = [
    {"name": "weather", "description": "The weather.", "input_schema": SCHEMA},
    {"name": "time", "input_schema": {"type": "object", "properties": {}}},
]


def client(**options):
    return Anthropic(**{"base_url": URL, "api_key": KEY, "max_retries": 0, **options})


def text_of(message):
    return "".join(block.text for block in message.content if block.type == "text")


class Messages(unittest.TestCase):
    def test_created(self):
        for vendor in VENDORS:
            with self.subTest(vendor):
                raw = client().messages.with_raw_response.create(
                    model=model_of(vendor), max_tokens=64, messages=HELLO
                )
                message = raw.parse()
                self.assertEqual(text_of(message), TEXT)
                self.assertEqual((message.type, message.role), ("message", "assistant"))
                self.assertEqual(message.stop_reason, "end_turn")
                self.assertEqual(message.usage.output_tokens, 9)
                self.assertEqual(raw.headers["x-llm-proxy-provider"], vendor)
                self.assertEqual(message._request_id, raw.headers["request-id"])

    def test_streamed(self):
        for vendor in VENDORS:
            with self.subTest(vendor):
                events = list(
                    client().messages.create(
                        model=model_of(vendor), max_tokens=64, messages=HELLO, stream=True
                    )
                )
                self.assertEqual(events[0].type, "message_start")
                self.assertEqual(events[-1].type, "message_stop")

    def test_accumulated_by_the_helper(self):
        for vendor in VENDORS:
            with self.subTest(vendor):
                with client().messages.stream(
                    model=model_of(vendor), max_tokens=64, messages=HELLO
                ) as stream:
                    texts = list(stream.text_stream)
                    message = stream.get_final_message()
                self.assertEqual("".join(texts), TEXT)
                self.assertEqual(text_of(message), TEXT)
                self.assertEqual(message.stop_reason, "end_turn")
                self.assertEqual(message.usage.output_tokens, 9)

    def test_tools_over_two_turns(self):
        for vendor in VENDORS:
            with self.subTest(vendor):
                self.two_turns(lambda **request: client().messages.create(**request), vendor)

    def test_tools_over_two_turns_streamed(self):
        def ask(**request):
            with client().messages.stream(**request) as stream:
                return stream.get_final_message()

        for vendor in VENDORS:
            with self.subTest(vendor):
                self.two_turns(ask, vendor)

    def two_turns(self, ask, vendor):
        request = {"model": model_of(vendor), "max_tokens": 64, "tools": TOOLS}
        first = ask(**request, messages=HELLO)
        self.assertEqual(first.stop_reason, "tool_use")
        calls = [block for block in first.content if block.type == "tool_use"]
        self.assertEqual([call.name for call in calls], ["weather", "time"])
        self.assertEqual([call.input for call in calls], [{"city": "Berlin"}, {}])
        results = [{"type": "tool_result", "tool_use_id": call.id, "content": "sunny"} for call in calls]
        second = ask(
            **request,
            messages=[
                *HELLO,
                {"role": "assistant", "content": [block.model_dump(exclude_none=True) for block in first.content]},
                {"role": "user", "content": results},
            ],
        )
        self.assertEqual(text_of(second), TEXT)

    def test_tokens_counted(self):
        for vendor, count in [("anthropic", 4321), ("openai", 100)]:
            with self.subTest(vendor):
                answer = client().messages.count_tokens(
                    model=model_of(vendor), messages=[{"role": "user", "content": "x" * 400}]
                )
                self.assertEqual(answer.input_tokens, count)

    def test_asynchronous(self):
        async def ask():
            async with AsyncAnthropic(base_url=URL, api_key=KEY, max_retries=0) as asking:
                request = {"max_tokens": 64, "messages": HELLO}
                answers = await asyncio.gather(
                    *(asking.messages.create(model=model_of(vendor), **request) for vendor in VENDORS)
                )
                async with asking.messages.stream(model=model_of("gemini"), **request) as stream:
                    final = await stream.get_final_message()
                return [text_of(answer) for answer in [*answers, final]]

        self.assertEqual(asyncio.run(ask()), [TEXT] * 4)


class Models(unittest.TestCase):
    def test_listed_and_found(self):
        ids = [model.id for model in client().models.list()]
        for vendor in VENDORS:
            self.assertIn(f"public-{vendor}", ids)
        found = client().models.retrieve("public-gemini")
        self.assertEqual((found.id, found.type), ("public-gemini", "model"))


class Errors(unittest.TestCase):
    def refused(self, kind, model=model_of("anthropic"), messages=HELLO, **options):
        with self.assertRaises(kind) as raised:
            client(**options).messages.create(model=model, max_tokens=64, messages=messages)
        return raised.exception

    def kind_of(self, error):
        return error.body["error"]["type"]

    def test_typed(self):
        error = self.refused(anthropic.AuthenticationError, api_key="wrong")
        self.assertEqual(self.kind_of(error), "authentication_error")
        self.assertTrue(error.request_id)
        error = self.refused(anthropic.NotFoundError, model="nobody")
        self.assertEqual(self.kind_of(error), "not_found_error")
        error = self.refused(anthropic.BadRequestError, messages=1)
        self.assertEqual(self.kind_of(error), "invalid_request_error")
        for vendor in ["anthropic", "openai"]:
            with self.subTest(vendor):
                error = self.refused(anthropic.BadRequestError, model=f"{vendor}/refused")
                self.assertIn("Too long", error.body["error"]["message"])
                error = self.refused(anthropic.RateLimitError, model=f"{vendor}/limited")
                self.assertEqual(self.kind_of(error), "rate_limit_error")
                self.assertEqual(error.response.headers["retry-after"], "7")
                error = self.refused(anthropic.InternalServerError, model=f"{vendor}/broken")
                self.assertEqual(self.kind_of(error), "api_error")

    def test_in_a_stream(self):
        for vendor in VENDORS:
            with self.subTest(vendor):
                with self.assertRaises(anthropic.APIError):
                    with client().messages.stream(
                        model=f"{vendor}/cut", max_tokens=64, messages=HELLO
                    ) as stream:
                        stream.until_done()

    def test_retried(self):
        raw = client(max_retries=2).messages.with_raw_response.create(
            model="anthropic/flaky", max_tokens=64, messages=HELLO
        )
        self.assertEqual(text_of(raw.parse()), TEXT)
        self.assertEqual(raw.retries_taken, 1)


if __name__ == "__main__":
    unittest.main()
