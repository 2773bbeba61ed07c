import { defineCommand, noWords } from "../command.ts";

export const version = defineCommand({
  usage: "",
  description: "Prints the version of this program.",
  flags: {},
  run: async ({ ui, ports }, { words }) => {
    noWords(words);
    ui.output(`Nomad v${ports.version}`);
    return 0;
  },
});
