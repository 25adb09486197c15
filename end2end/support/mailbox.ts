// A mail server that keeps what it is sent.

import type { AddressInfo } from "node:net";
import PostalMime, { type Email } from "postal-mime";
import { SMTPServer } from "smtp-server";

export class Mailbox {
  private readonly mails: Email[] = [];
  private readonly waiting = new Set<() => void>();
  private readonly server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData: (stream, _, done) => {
      void (async () => {
        const pieces: Buffer[] = [];
        for await (const piece of stream) pieces.push(piece as Buffer);
        this.mails.push(await PostalMime.parse(Buffer.concat(pieces)));
        for (const look of this.waiting) look();
        done();
      })();
    },
  });

  static async start(): Promise<Mailbox> {
    const mailbox = new Mailbox();
    await new Promise<void>((resolve) => mailbox.server.listen(0, "127.0.0.1", resolve));
    return mailbox;
  }

  /** What a server has to be told to send its mails here. */
  get environment(): Record<string, string> {
    const { port } = this.server.server.address() as AddressInfo;
    return { CONFAB_EMAILSETTINGS_SMTPSERVER: "127.0.0.1", CONFAB_EMAILSETTINGS_SMTPPORT: String(port) };
  }

  /** Takes the oldest mail to an address with these words in its subject out, once there is one. */
  async take(address: string, words: string): Promise<Email> {
    for (;;) {
      const fits = ({ to, subject }: Email) => subject?.includes(words) && to?.some((receiver) => receiver.address === address);
      const at = this.mails.findIndex(fits);
      const [mail] = at < 0 ? [] : this.mails.splice(at, 1);
      if (mail) return mail;
      await new Promise<void>((resolve) => {
        const look = () => {
          this.waiting.delete(look);
          resolve();
        };
        this.waiting.add(look);
      });
    }
  }

  async remove(): Promise<void> {
    await new Promise<void>((resolve) => this.server.close(resolve));
  }
}
