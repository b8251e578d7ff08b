/** The text that `init` writes: small enough to read in a minute, good enough to rehearse. */
export function starterScenario(): string {
  return STARTER;
}

const STARTER = `# yaml-language-server: $schema=./scenario.schema.json
#
# A sale to rehearse. Quantities have units: 90s 15min 3d, 16%, 5M/h, $80, 120k.
# Everything that is left out has a default; an editor shows it, with its source, once
# \`rehearse schema > scenario.schema.json\` has put the schema beside this file.
#
#   rehearse validate this-file.yaml      what is wrong with it
#   rehearse compare this-file.yaml       its launch plans against each other
name: my-sale
seed: my-sale/1          # the same seed gives the same bytes
starts: 2026-11-27T08:00-05:00
lasts: 2d
currency: USD

sellers:
  - name: my-shop
    # A catalog described by a rule; or list items: [ { sku: …, sale-price: …, units: …, weight: … } ]
    catalog:
      products: 120
      sale-price: { mean: $60, cv: 0.6 }   # mean of what shoppers choose
      discount: 40%
    stock: { units: 4k }
    limit-per-shopper: 3
    hold-for: 10min                        # how long a cart keeps its units

audience:
  recipients: 200k                         # addresses on your list
  visits: 8%                               # share of them who come
  sender-rate: 1M/h                        # ask whoever sends your mail

traffic:
  rate: 0.5/s                              # visitors whom no mail brings, at an ordinary hour

platform:
  fleet: { initial: 4, min: 2, max: 12, cores: 2 }
  # A load test of your own pages makes the forecast yours:
  # profile: { product: { cpu: 50ms, io: 65ms } }

payments:
  primary: { decline: 8% }
  fallback: { latency: { lognormal: { median: 1.2s, sigma: 0.5 } } }

# What fails when, for how long and how much; recovery.time says how long the sale feels it.
# faults: [ { at: +20min, kind: gateway-outage, for: 5min } ]

# How the mailing goes out. A plan may override any section above.
plans:
  all-at-once:
    launch: { batches: 1, each-over: 15min }
  in-batches:
    launch: { batches: 4, every: 30min, each-over: 5min }

# What must hold, for every plan; rehearse ends with 1 where it does not.
expect:
  oversold: "= 0"
  latency.p95: "< 2s"
`;
