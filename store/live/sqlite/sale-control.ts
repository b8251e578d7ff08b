/** The control of a sale on SQLite: the {@link SaleControlBook} of the core, kept as a journal. */
import type { SaleTimes } from "../../core/sale.ts";
import { type AuditEntry, type ControlChange, SaleControlBook } from "../../core/sale-control.ts";
import type { SaleControlService } from "../../ports/sale-control.ts";
import { BookJournal } from "./book-journal.ts";
import type { GroupCommit } from "./group-commit.ts";
import { PortSteps } from "./port-steps.ts";

const RULES_VERSION = 1;

type Reading = Parameters<SaleControlService["entries"]>[0];

const STEPS = {
  change: (book: SaleControlBook, change: ControlChange) => book.change(change),
  note: (book: SaleControlBook, entry: AuditEntry) => book.note(entry),
};

export function sqliteSaleControl(group: GroupCommit, times: SaleTimes): SaleControlService {
  const journal = new BookJournal(group, {
    name: "sale control",
    version: RULES_VERSION,
    open: () => new SaleControlBook(times),
    steps: STEPS,
  });
  journal.current();
  const steps = new PortSteps(group, "store/SaleControl");
  return {
    read: steps.readNow(() => journal.current().read()),
    change: steps.write((change: ControlChange) =>
      journal.take("change", change, (answer) => answer._tag === "RevisionConflict"),
    ),
    note: steps.write((entry: AuditEntry) => journal.take("note", entry)),
    entries: steps.read((request: Reading) => journal.current().entries(request)),
  };
}
