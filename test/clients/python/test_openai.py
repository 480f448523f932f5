"""The package `openai`, as an application uses it: only the base URL and the key are ours."""

import asyncio
import io
import json
import unittest

import openai
from openai import AsyncOpenAI, OpenAI
from pydantic import BaseModel

from proxy import HELLO, KEY, MODEL, SCHEMA, SOUND, TEXT, URL, VECTORS, VENDORS, model_of

TOOLS = [
    {"type": "function", "function": {"name": "weather", "parameters": SCHEMA, "strict": True}},
    {"type": "function", "function": {"name": "time", "parameters": {"type": "object", "properties": {}}}},
]
FLAT_TOOLS = [{"type": "function", **tool["function"]} for tool in TOOLS]


class Weather(BaseModel):
    city: str
    celsius: int


def client(**options):
    return OpenAI(**{"base_url": f"{URL}/v1", "api_key": KEY, "max_retries": 0, **options})


class Chat(unittest.TestCase):
    def test_created(self):
        for vendor in VENDORS:
            with self.subTest(vendor):
                raw = client().chat.completions.with_raw_response.create(model=model_of(vendor), messages=HELLO)
                answer = raw.parse()
                self.assertEqual(answer.choices[0].message.content, TEXT)
                self.assertEqual(answer.choices[0].finish_reason, "stop")
                self.assertEqual((answer.usage.prompt_tokens, answer.usage.completion_tokens), (20, 9))
                self.assertEqual(answer.object, "chat.completion")
                self.assertGreater(answer.usage.cost, 0)
                self.assertEqual(raw.headers["x-llm-proxy-provider"], vendor)
                self.assertEqual(raw.headers["x-llm-proxy-attempts"], "1")
                self.assertEqual(answer._request_id, raw.headers["x-request-id"])

    def test_streamed(self):
        for vendor in VENDORS:
            with self.subTest(vendor):
                stream = client().chat.completions.create(
                    model=model_of(vendor),
                    messages=HELLO,
                    stream=True,
                    stream_options={"include_usage": True},
                )
                chunks = list(stream)
                self.assertEqual({chunk.object for chunk in chunks}, {"chat.completion.chunk"})
                self.assertEqual(len({chunk.id for chunk in chunks}), 1)
                choices = [choice for chunk in chunks for choice in chunk.choices]
                self.assertEqual("".join(choice.delta.content or "" for choice in choices), TEXT)
                self.assertEqual(choices[-1].finish_reason, "stop")
                self.assertEqual(chunks[-1].usage.total_tokens, 29)

    def test_accumulated_by_the_helper(self):
        for vendor in VENDORS:
            with self.subTest(vendor):
                with client().chat.completions.stream(model=model_of(vendor), messages=HELLO) as stream:
                    deltas = [event.delta for event in stream if event.type == "content.delta"]
                    final = stream.get_final_completion()
                self.assertEqual("".join(deltas), TEXT)
                self.assertEqual(final.choices[0].message.content, TEXT)
                self.assertEqual(final.choices[0].message.role, "assistant")

    def test_tools_over_two_turns(self):
        for vendor in VENDORS:
            with self.subTest(vendor):
                self.two_turns(lambda **request: client().chat.completions.create(**request), vendor)

    def test_tools_over_two_turns_streamed(self):
        def ask(**request):
            with client().chat.completions.stream(**request) as stream:
                stream.until_done()
                return stream.get_final_completion()

        for vendor in VENDORS:
            with self.subTest(vendor):
                self.two_turns(ask, vendor)

    def two_turns(self, ask, vendor):
        first = ask(model=model_of(vendor), messages=HELLO, tools=TOOLS)
        message = first.choices[0].message
        self.assertEqual(first.choices[0].finish_reason, "tool_calls")
        self.assertEqual([call.type for call in message.tool_calls], ["function", "function"])
        self.assertEqual([call.function.name for call in message.tool_calls], ["weather", "time"])
        self.assertEqual(json.loads(message.tool_calls[0].function.arguments), {"city": "Berlin"})
        self.assertEqual(json.loads(message.tool_calls[1].function.arguments or "{}"), {})
        self.assertEqual(len({call.id for call in message.tool_calls}), 2)
        results = [
            {"role": "tool", "tool_call_id": call.id, "content": "sunny"} for call in message.tool_calls
        ]
        told = message.model_dump(include={"role", "content", "tool_calls"}, exclude_none=True)
        for call in told["tool_calls"]:
            call["function"].pop("parsed_arguments", None)
            call.pop("index", None)
        second = ask(model=model_of(vendor), messages=[*HELLO, told, *results], tools=TOOLS)
        self.assertEqual(second.choices[0].message.content, TEXT)

    def test_parsed_into_a_model(self):
        answer = client().chat.completions.parse(
            model="openai/structured", messages=HELLO, response_format=Weather
        )
        self.assertEqual(answer.choices[0].message.parsed, Weather(city="Berlin", celsius=21))

    def test_parsed_while_it_streams(self):
        with client().chat.completions.stream(
            model="openai/structured", messages=HELLO, response_format=Weather
        ) as stream:
            final = stream.get_final_completion()
        self.assertEqual(final.choices[0].message.parsed, Weather(city="Berlin", celsius=21))

    def test_asynchronous(self):
        async def ask():
            async with AsyncOpenAI(base_url=f"{URL}/v1", api_key=KEY, max_retries=0) as asking:
                answers = await asyncio.gather(
                    *(asking.chat.completions.create(model=model_of(vendor), messages=HELLO) for vendor in VENDORS)
                )
                async with asking.chat.completions.stream(model=model_of("anthropic"), messages=HELLO) as stream:
                    final = await stream.get_final_completion()
                return [answer.choices[0].message.content for answer in [*answers, final]]

        self.assertEqual(asyncio.run(ask()), [TEXT] * 4)


class Completions(unittest.TestCase):
    def test_created_and_streamed(self):
        for vendor in ["anthropic", "gemini"]:
            with self.subTest(vendor):
                request = {"model": model_of(vendor), "prompt": "Once", "max_tokens": 64}
                answer = client().completions.create(**request)
                self.assertEqual(answer.object, "text_completion")
                self.assertEqual(answer.choices[0].text, TEXT)
                chunks = list(client().completions.create(**request, stream=True))
                texts = [choice.text for chunk in chunks for choice in chunk.choices]
                self.assertEqual("".join(texts), TEXT)


class Responses(unittest.TestCase):
    MODELS = [*map(model_of, VENDORS), f"compatible/{MODEL}"]

    def test_created(self):
        for model in self.MODELS:
            with self.subTest(model):
                answer = client().responses.create(model=model, input="Hello")
                self.assertEqual(answer.output_text, TEXT)
                self.assertEqual(answer.status, "completed")
                self.assertIsNone(answer.error)
                self.assertEqual(answer.usage.total_tokens, 29)

    def test_streamed_by_the_helper(self):
        for model in self.MODELS:
            with self.subTest(model):
                with client().responses.stream(model=model, input="Hello") as stream:
                    events = list(stream)
                    final = stream.get_final_response()
                self.assertEqual(events[0].type, "response.created")
                self.assertEqual(events[-1].type, "response.completed")
                numbers = [event.sequence_number for event in events]
                self.assertEqual(numbers, list(range(len(events))))
                deltas = [event.delta for event in events if event.type == "response.output_text.delta"]
                self.assertEqual("".join(deltas), TEXT)
                self.assertEqual(final.output_text, TEXT)

    def test_tools_over_two_turns(self):
        for vendor in ["anthropic", "gemini", "compatible"]:
            with self.subTest(vendor):
                request = {"model": model_of(vendor), "tools": FLAT_TOOLS}
                with client().responses.stream(**request, input="Hello") as stream:
                    stream.until_done()
                    first = stream.get_final_response()
                calls = [item for item in first.output if item.type == "function_call"]
                self.assertEqual([call.name for call in calls], ["weather", "time"])
                self.assertEqual(json.loads(calls[0].arguments), {"city": "Berlin"})
                second = client().responses.create(
                    **request,
                    previous_response_id=first.id,
                    input=[
                        {"type": "function_call_output", "call_id": call.call_id, "output": "sunny"}
                        for call in calls
                    ],
                )
                self.assertEqual(second.output_text, TEXT)
                self.assertEqual(second.previous_response_id, first.id)

    def test_parsed_into_a_model(self):
        for vendor in ["openai", "compatible"]:
            with self.subTest(vendor):
                request = {"model": f"{vendor}/structured", "input": "Hello", "text_format": Weather}
                answer = client().responses.parse(**request)
                self.assertEqual(answer.output_parsed, Weather(city="Berlin", celsius=21))
                with client().responses.stream(**request) as stream:
                    final = stream.get_final_response()
                self.assertEqual(final.output_parsed, Weather(city="Berlin", celsius=21))

    def test_stored_read_and_deleted(self):
        responses = client().responses
        created = responses.create(model=model_of("gemini"), input="Hello")
        found = responses.retrieve(created.id)
        self.assertEqual(found.output_text, TEXT)
        items = list(responses.input_items.list(created.id))
        self.assertEqual(items[0].role, "user")
        with self.assertRaises(openai.BadRequestError):
            responses.cancel(created.id)
        responses.delete(created.id)
        with self.assertRaises(openai.NotFoundError):
            responses.retrieve(created.id)

    def test_counted_and_compacted(self):
        responses = client().responses
        count = responses.input_tokens.count(model=model_of("openai"), input="Hello")
        self.assertEqual((count.object, count.input_tokens), ("response.input_tokens", 1234))
        count = responses.input_tokens.count(model=model_of("gemini"), input="x" * 400)
        self.assertEqual(count.input_tokens, 100)
        compacted = responses.compact(model=model_of("openai"), input="Hello")
        self.assertEqual(compacted.object, "response.compaction")
        self.assertEqual(compacted.output[-1].type, "compaction")
        with self.assertRaises(openai.BadRequestError):
            responses.compact(model=model_of("gemini"), input="Hello")


class Embeddings(unittest.TestCase):
    def test_base64_unless_asked_otherwise(self):
        for vendor in ["openai", "gemini"]:
            for options in [{}, {"encoding_format": "float"}]:
                with self.subTest(vendor, **options):
                    answer = client().embeddings.create(
                        model=f"{vendor}/embedding", input=["one", "two"], **options
                    )
                    self.assertEqual([list(each.embedding) for each in answer.data], VECTORS)
                    self.assertEqual([each.index for each in answer.data], [0, 1])
                    self.assertEqual(answer.usage.prompt_tokens, 5)


class Media(unittest.TestCase):
    def test_images(self):
        answer = client().images.generate(model="openai/image", prompt="A cat")
        self.assertEqual(answer.data[0].b64_json, "aW1hZ2U=")

    def test_speech_as_it_arrives(self):
        with client().audio.speech.with_streaming_response.create(
            model="openai/speech", voice="alloy", input="Hello"
        ) as answer:
            self.assertEqual(answer.headers["content-type"], "audio/mpeg")
            self.assertEqual(answer.headers["x-llm-proxy-provider"], "openai")
            self.assertEqual(b"".join(answer.iter_bytes(16_384)), SOUND)

    def test_speech_at_once(self):
        answer = client().audio.speech.create(model="openai/speech", voice="alloy", input="Hello")
        self.assertEqual(answer.read(), SOUND)

    def test_transcription_of_an_upload(self):
        sound = io.BytesIO(b"sound" * 60_000)
        sound.name = "a.mp3"
        answer = client().audio.transcriptions.create(model="openai/hear", file=sound, language="en")
        # The upstream tells what it got.
        self.assertEqual(answer.text, "60000 sounds")

    def test_moderation(self):
        answer = client().moderations.create(model="openai/moderation", input="Hello")
        self.assertFalse(answer.results[0].flagged)


class Models(unittest.TestCase):
    def test_listed_and_found(self):
        ids = [model.id for model in client().models.list()]
        for vendor in VENDORS:
            self.assertIn(f"public-{vendor}", ids)
        found = client().models.retrieve("public-gemini")
        self.assertEqual((found.id, found.object), ("public-gemini", "model"))


class Errors(unittest.TestCase):
    def refused(self, kind, model=model_of("openai"), messages=HELLO, **options):
        with self.assertRaises(kind) as raised:
            client(**options).chat.completions.create(model=model, messages=messages)
        return raised.exception

    def test_typed(self):
        error = self.refused(openai.AuthenticationError, api_key="wrong")
        self.assertEqual((error.status_code, error.code), (401, "invalid_api_key"))
        self.assertTrue(error.request_id)
        error = self.refused(openai.NotFoundError, model="nobody")
        self.assertEqual(error.code, "model_not_found")
        error = self.refused(openai.BadRequestError, messages=1)
        self.assertEqual((error.code, error.param), ("invalid_value", "messages"))
        error = self.refused(openai.BadRequestError, model="openai/refused")
        self.assertIn("Too long", error.message)
        error = self.refused(openai.RateLimitError, model="openai/limited")
        self.assertEqual(error.code, "rate_limit_exceeded")
        self.assertEqual(error.response.headers["retry-after"], "7")
        error = self.refused(openai.InternalServerError, model="openai/broken")
        self.assertEqual((error.status_code, error.code), (502, "upstream_error"))

    def test_in_a_stream(self):
        for vendor in VENDORS:
            with self.subTest(vendor):
                stream = client().chat.completions.create(model=f"{vendor}/cut", messages=HELLO, stream=True)
                with self.assertRaises(openai.APIError):
                    for _ in stream:
                        pass

    def test_time_out(self):
        with self.assertRaises(openai.APITimeoutError):
            client(timeout=0.3).chat.completions.create(model="openai/silent", messages=HELLO)

    def test_retried(self):
        raw = client(max_retries=2).chat.completions.with_raw_response.create(
            model="openai/flaky", messages=HELLO
        )
        self.assertEqual(raw.parse().choices[0].message.content, TEXT)
        self.assertEqual(raw.retries_taken, 1)


if __name__ == "__main__":
    unittest.main()
