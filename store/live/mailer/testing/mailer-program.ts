/**
 * A mailer to be killed: takes one mail after the other, tells its parent of each that was taken,
 * and sends them meanwhile. Arguments: the outbox's file and the mail server's URL.
 */
import { Effect } from "effect";
import { turnMail } from "../../../testing/mails.ts";
import { mailTransport } from "../mail-transport.ts";
import { liveMailer } from "../mailer.ts";

const [file = "", server = ""] = process.argv.slice(2);
const mailer = liveMailer({
  file,
  transport: mailTransport(server, ""),
  shop: { name: "Hearth", address: "shop@shop.example" },
});
mailer.start();
process.once("disconnect", () => process.exit(0));
for (let ticket = 1; ; ticket += 1) {
  await Effect.runPromise(mailer.send(turnMail({ ticket: `t-${ticket}` })));
  process.send?.(`turn t-${ticket}`);
}
