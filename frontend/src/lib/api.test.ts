import { afterEach, describe, expect, test, vi } from "vitest";
import { ApiError, api, query, request } from "./api";
import { setLanguage } from "./locale";

afterEach(() => setLanguage("en"));

function answerWith(status: number, body: string) {
  const fetch = vi.fn(async (_url: string, _init: RequestInit) => {
    return new Response(status === 204 ? null : body, { status });
  });
  vi.stubGlobal("fetch", fetch);
  return fetch;
}

async function errorOf(promise: Promise<unknown>): Promise<ApiError> {
  return promise.then(
    () => {
      throw new Error("It should have failed");
    },
    (error) => error,
  );
}

describe("api", () => {
  test("sends JSON with the CSRF token of the cookie, but no token on reads", async () => {
    // biome-ignore lint/suspicious/noDocumentCookie: the code under test reads it there
    document.cookie = "csrftoken=abc123";
    const fetch = answerWith(200, "{}");

    await api("/t/main/keys/", { method: "POST", body: { name: "x" } });
    await api("/t/main/keys/");

    const [write, read] = fetch.mock.calls.map(([, init]) => new Headers(init.headers));
    expect(write?.get("X-CSRFToken")).toBe("abc123");
    expect(write?.get("Content-Type")).toBe("application/json");
    expect(read?.get("X-CSRFToken")).toBeNull();
    expect(fetch.mock.calls[0]?.[0]).toBe("/api/v1/t/main/keys/");
    expect(fetch.mock.calls[0]?.[1].body).toBe('{"name":"x"}');
  });

  test("leaves the type of a form to the browser, which knows its boundary", async () => {
    const fetch = answerWith(200, "{}");

    await api("/import/", { method: "POST", body: new FormData() });

    expect(new Headers(fetch.mock.calls[0]?.[1].headers).get("Content-Type")).toBeNull();
  });

  test("an answer without a body is undefined", async () => {
    answerWith(204, "");

    await expect(api("/x/", { method: "DELETE" })).resolves.toBeUndefined();
  });

  test("a problem becomes an ApiError with its code, sentence and fields", async () => {
    answerWith(422, '{"code":"invalid","detail":"No good.","fields":{"text":["Too long."]}}');

    const error = await errorOf(api("/x/"));

    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      status: 422,
      code: "invalid",
      detail: "No good.",
      fields: { text: ["Too long."] },
    });
  });

  test("messages of the items of a list are said at the list", async () => {
    answerWith(400, '{"code":"invalid","detail":"No.","fields":{"scopes":{"1":["Unknown."]}}}');

    expect((await errorOf(api("/x/"))).fields).toEqual({ scopes: ["Unknown."] });
  });

  test("what the server says of fields is told in the reader's language", async () => {
    await setLanguage("zh-Hans");
    const twice = { code: "agent_taken", values: { name: "ada" } };
    answerWith(
      400,
      JSON.stringify({
        code: "invalid",
        detail: "Some fields are not valid.",
        detail_said: [{ code: "fields_unfit", values: {} }],
        fields: { name: ["There is an agent called ada already.", "该字段是必填项。"] },
        fields_said: { name: [[twice], []] },
      }),
    );

    const error = await errorOf(api("/x/"));

    expect(error.detail).toBe("有些字段无效。");
    expect(error.fields).toEqual({ name: ["已有名为 ada 的智能体。", "该字段是必填项。"] });
  });

  test("what is said of the items of a list keeps its place", async () => {
    await setLanguage("zh-Hans");
    const said = { hours: { "1": { starts: [[{ code: "day_begins", values: {} }]] } } };
    const fields = { hours: { "1": { starts: ["A day begins at 00:00."] } } };
    answerWith(400, JSON.stringify({ code: "invalid", detail: "No.", fields, fields_said: said }));

    expect((await errorOf(api("/x/"))).fields).toEqual({ hours: ["一天从 00:00 开始。"] });
  });

  test.each(["en", "zh-Hans"] as const)("the server is asked in %s", async (language) => {
    await setLanguage(language);
    const fetch = answerWith(200, "{}");

    await api("/t/main/keys/");

    expect(new Headers(fetch.mock.calls[0]?.[1].headers).get("Accept-Language")).toBe(language);
  });

  test("the error list of the sign-in endpoints is read by field", async () => {
    answerWith(400, '{"errors":[{"message":"Wrong.","param":"password","code":"mismatch"}]}');

    const error = await errorOf(request("/_allauth/x"));

    expect(error).toMatchObject({ code: "mismatch", fields: { password: ["Wrong."] } });
  });

  test("a page of HTML in place of an answer still gives a sentence", async () => {
    answerWith(502, "<html>bad gateway</html>");

    const error = await errorOf(api("/x/"));

    expect(error.code).toBe("http_502");
    expect(error.detail).toContain("502");
  });

  test("no connection is an ApiError of status 0", async () => {
    vi.stubGlobal("fetch", async () => {
      throw new TypeError("Failed to fetch");
    });

    expect(await errorOf(api("/x/"))).toMatchObject({ status: 0, code: "network" });
  });
});

test("query leaves out what is empty and encodes the rest", () => {
  expect(query({ q: "a&b", limit: 50, cursor: null, status: "", skill: undefined })).toBe(
    "?q=a%26b&limit=50",
  );
  expect(query({})).toBe("");
});
