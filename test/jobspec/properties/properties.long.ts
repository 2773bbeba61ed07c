/** The same properties, tried `FUZZ_FACTOR` times as often: `npm run fuzz`. */
import "./canonical.test.ts";
import "./expression-laws.test.ts";
import "./expressions.test.ts";
import "./fuzz.test.ts";
import "./plan.test.ts";
import "./round-trip.test.ts";
import "./second-reader.test.ts";
