// What messages link to is shown below them: a page elsewhere, a message here.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { alive, axe, expect, test } from "./support/fixtures.ts";

const PAGE = `<html><head><title>t</title><meta property="og:title" content="How we write minutes">
<meta property="og:site_name" content="Handbook"><meta property="og:description" content="Short, and on the same day."></head></html>`;

/** A site on this machine with one page. */
async function site(): Promise<{ url: string; close: () => void }> {
  const http = createServer((_request, response) => {
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end(PAGE);
  });
  await new Promise<void>((done) => http.listen(0, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/minutes`, close: () => http.close() };
}

test("a page that a message links to is shown, folded and taken away", async ({ admin, ann, bob, api, room }) => {
  const here = await site();
  const allowed = { ServiceSettings: { AllowedUntrustedInternalConnections: "127.0.0.1", EnableLinkPreviews: true } };
  await api.call("PUT", "/config/patch", admin.token, allowed);
  const page = await ann.open(room);
  const his = await bob.open(room);
  await Promise.all([alive(page), alive(his)]);
  await api.post(ann.user, room, `Read this: ${here.url}`);
  const seen = his.locator("main article").filter({ hasText: "Read this" });
  const card = seen.getByRole("link", { name: "How we write minutes" });
  await expect(card).toHaveAttribute("href", here.url);
  await expect(seen).toContainText("Handbook");
  await expect(seen).toContainText("Short, and on the same day.");
  await expect(card).toBeInViewport();
  await axe(his);
  await seen.getByRole("button", { name: "Preview: Handbook" }).click();
  await expect(card).toHaveCount(0);
  await expect(seen.getByRole("button", { name: "Remove the preview" })).toHaveCount(0);

  const own = page.locator("main article").filter({ hasText: "Read this" });
  await own.getByRole("button", { name: "Remove the preview" }).click();
  await expect(own.getByRole("button", { name: "Preview: Handbook" })).toHaveCount(0);
  await expect(seen.getByRole("button", { name: "Preview: Handbook" })).toHaveCount(0);
  here.close();
});

test("the address of a message quotes it, and leads there", async ({ ann, bob, api, room, team, server }) => {
  const said = await api.post(bob.user, room, "We meet at noon");
  const other = await api.channelNamed(ann.user, team, "off-topic");
  await api.post(ann.user, other, `As Bob said ${server.url}/${team.name}/pl/${said.id}`);
  const page = await ann.open(other);
  await alive(page);
  const quote = page.locator("main article").filter({ hasText: "As Bob said" }).locator("blockquote.preview-quote");
  await expect(quote).toContainText("We meet at noon");
  await expect(quote).toContainText(bob.user.username);
  await axe(page);
  await quote.locator(".preview-there").click();
  await expect(page.locator("main article[data-target]")).toContainText("We meet at noon");
});
