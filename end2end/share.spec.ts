// What other apps of a device share with the installed app goes into the box of a channel.

import { alive, axe, expect, test } from "./support/fixtures.ts";

test("a shared text and file wait for a place to go, and are written there", async ({ ann, room }) => {
  const page = await ann.open(room, { serviceWorkers: "allow" });
  await alive(page);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.reload();
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  // As the device's own dialog does.
  await page.evaluate(() => {
    const form = document.createElement("form");
    form.method = "post";
    form.action = "/share";
    form.enctype = "multipart/form-data";
    const field = (name: string, value: string) => {
      const input = document.createElement("input");
      input.name = name;
      input.value = value;
      form.append(input);
    };
    field("title", "Boat of the week");
    field("text", "Look at this boat");
    field("url", "https://example.org/boat");
    const files = document.createElement("input");
    files.type = "file";
    files.name = "files";
    const list = new DataTransfer();
    list.items.add(new File(["sails and masts"], "boat.txt", { type: "text/plain" }));
    files.files = list.files;
    form.append(files);
    document.body.append(form);
    form.submit();
  });
  await page.waitForURL(/\/channels\//);
  await alive(page);
  const dialog = page.getByRole("dialog", { name: "Share in Confab" });
  await expect(dialog).toContainText("Look at this boat");
  await expect(dialog).toContainText("boat.txt");
  await axe(page);
  await dialog.getByRole("radio", { name: "Test Channel" }).check();
  await dialog.getByRole("button", { name: "Continue" }).click();
  await expect(page).toHaveURL(new RegExp(room.name));
  const composer = page.locator("main form.composer");
  await expect(composer.getByRole("textbox")).toHaveValue(/Look at this boat\nhttps:\/\/example.org\/boat/);
  await expect(page.getByRole("list", { name: "Attached files" })).toContainText("boat.txt");
  await composer.getByRole("button", { name: "Send", exact: true }).click();
  await expect(page.locator("main article").last()).toContainText("boat.txt");
  // It is not offered again.
  await page.reload();
  await alive(page);
  await expect(page.locator("main article").last()).toContainText("boat.txt");
  await expect(dialog).toHaveCount(0);
});
