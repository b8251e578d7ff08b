/**
 * Who a shopper is: a name that the store gave, signed, so that any node knows its own shoppers
 * without keeping a session. Invitations are signed the same way and say what rank whom they were
 * sent to comes with. Kind and sale are part of what is signed: a token of one kind is none of
 * another, and one of another sale is forged here.
 */
import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from "node:crypto";
import { assert } from "../../core/assert.ts";
import { TIERS, type Tier } from "../../core/tier.ts";
import { KEY_BYTES } from "../secure-random.ts";

export interface Identity {
  readonly shopper: string;
  readonly tier: Tier;
  /** True for a shopper with an early-access link. */
  readonly invited: boolean;
}

/** What a mailing sends: everybody who follows one invitation is one and the same shopper. */
export interface Invitation {
  /** Stands for whom it was sent to; any text without meaning outside the shop. */
  readonly guest: string;
  readonly tier: Tier;
  readonly invited: boolean;
}

/** A token of somebody else's making, or of another kind or sale. */
export interface Forged {
  readonly _tag: "Forged";
}
/** A genuine token whose time is over. */
export interface Expired {
  readonly _tag: "Expired";
}
export interface Known {
  readonly _tag: "Known";
  readonly identity: Identity;
}
export interface Invited {
  readonly _tag: "Invited";
  readonly invitation: Invitation;
}

const FORGED: Forged = { _tag: "Forged" };
const EXPIRED: Expired = { _tag: "Expired" };

/** 144 bits: more than the 128 that OWASP ASVS 5.0 (11.5.1) asks of an unguessable name. */
const NAME_BYTES = 18;
/** Far above any token that this store signs. */
const TOKEN_LENGTH_MAX = 512;
/** Genuine tokens that are remembered, so that a busy shopper's is not computed at every request. */
const REMEMBERED_MAX = 10_000;

type Kind = "shopper" | "invitation";

interface Opened {
  readonly until: number;
  readonly tier: Tier;
  readonly invited: boolean;
  readonly name: string;
}

export class ShopperTokens {
  readonly #sale: string;
  readonly #keys: readonly KeyObject[];
  #remembered = new Map<string, { readonly known: Known; readonly until: number }>();

  /** `keys` of 32 bytes or more: the first signs, the others are still believed. */
  constructor(sale: string, keys: readonly Buffer[]) {
    assert(keys.length > 0, "a signature needs a key");
    for (const key of keys) assert(key.length >= KEY_BYTES, "a key is as long as the digest");
    this.#sale = sale;
    this.#keys = keys.map((key) => createSecretKey(key));
  }

  /** The shopper of an invitation: the same one however often it is followed. */
  guestOf({ guest, tier, invited }: Invitation): Identity {
    const name = this.#mark(this.#oldest, "guest", guest).subarray(0, NAME_BYTES);
    return { shopper: `shopper_${name.toString("base64url")}`, tier, invited };
  }

  /** The token of a shopper until a time, epoch milliseconds. */
  sign({ shopper, tier, invited }: Identity, until: number): string {
    return this.#sealed("shopper", { until, tier, invited, name: shopper });
  }

  signInvitation({ guest, tier, invited }: Invitation, until: number): string {
    return this.#sealed("invitation", { until, tier, invited, name: guest });
  }

  identify(token: string, now: number): Known | Forged | Expired {
    const remembered = this.#remembered.get(token);
    if (remembered !== undefined) return now < remembered.until ? remembered.known : EXPIRED;
    const opened = this.#opened("shopper", token);
    if (opened === null) return FORGED;
    const { name: shopper, tier, invited, until } = opened;
    const known: Known = { _tag: "Known", identity: { shopper, tier, invited } };
    if (this.#remembered.size >= REMEMBERED_MAX) this.#remembered = new Map();
    this.#remembered.set(token, { known, until });
    return now < until ? known : EXPIRED;
  }

  readInvitation(token: string, now: number): Invited | Forged | Expired {
    const opened = this.#opened("invitation", token);
    if (opened === null) return FORGED;
    const { name: guest, tier, invited, until } = opened;
    return now < until ? { _tag: "Invited", invitation: { guest, tier, invited } } : EXPIRED;
  }

  /**
   * A mark by which a person is known again, from a text that nobody can read back out of it. It
   * stays the same while keys are added in front of the last one.
   */
  personMark(of: "email" | "address", text: string): string {
    return `${of}-${this.#mark(this.#oldest, `person ${of}`, text).toString("base64url")}`;
  }

  /** What has to stay the same when a new key signs. */
  get #oldest(): KeyObject {
    return this.#keys[this.#keys.length - 1];
  }

  #sealed(kind: Kind, { until, tier, invited, name }: Opened): string {
    const rank = `${TIERS.indexOf(tier)}${invited ? 1 : 0}`;
    const text = `${until.toString(36)}.${rank}.${Buffer.from(name).toString("base64url")}`;
    return `${text}.${this.#mark(this.#keys[0], kind, text).toString("base64url")}`;
  }

  #opened(kind: Kind, token: string): Opened | null {
    if (token.length > TOKEN_LENGTH_MAX) return null;
    const cut = token.lastIndexOf(".");
    const text = token.slice(0, Math.max(0, cut));
    const mark = token.slice(cut + 1);
    const genuine = this.#keys.some((key) => isSame(mark, this.#mark(key, kind, text)));
    if (!genuine) return null;
    const [until, rank, name] = text.split(".") as [string, string, string];
    return {
      until: Number.parseInt(until, 36),
      tier: TIERS[Number(rank[0])],
      invited: rank[1] === "1",
      name: Buffer.from(name, "base64url").toString(),
    };
  }

  #mark(key: KeyObject, kind: string, text: string): Buffer {
    return createHmac("sha256", key).update(`${kind}\0${this.#sale}\0${text}`).digest();
  }
}

/** Compares the texts, because several texts of base64url stand for the same bytes. */
function isSame(given: string, wanted: Buffer): boolean {
  const text = Buffer.from(wanted.toString("base64url"));
  const other = Buffer.from(given);
  return other.length === text.length && timingSafeEqual(other, text);
}
