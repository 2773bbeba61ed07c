/** The hostile texts at their full size: `npm run fuzz`. */
import "./hostile.test.ts";
