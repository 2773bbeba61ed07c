import type { ApiContext } from "../context.ts";
import type { Answer } from "./answer.ts";

/** What a browser sees until there is a web interface: what runs here, and where to ask. */
export function homePage(context: ApiContext): Answer {
  const rows = [
    ["Node", context.nodeName],
    ["Region", context.region],
    ["Datacenter", context.datacenter],
    ["Leader", context.members.leaderAddress() ?? "none"],
  ];
  const table = rows
    .map(([name, value]) => `<tr><th>${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`)
    .join("");
  const links = ["/v1/jobs", "/v1/jobs/sources", "/v1/nodes", "/v1/allocations", "/v1/agent/self"]
    .map((path) => `<li><a href="${path}?pretty">${path}</a></li>`)
    .join("");
  return {
    kind: "text",
    status: 200,
    contentType: "text/html; charset=utf-8",
    text:
      `<!doctype html><html lang="en"><meta charset="utf-8"><title>nomad-ts</title>` +
      `<body><h1>nomad-ts</h1><table>${table}</table>` +
      `<p>This agent has no web interface yet. The HTTP API is at <code>/v1/</code>:</p>` +
      `<ul>${links}</ul></body></html>\n`,
  };
}

const escapeHtml = (text = ""): string =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
