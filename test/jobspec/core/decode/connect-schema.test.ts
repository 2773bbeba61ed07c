import { expect, test } from "vitest";
import { groupOf } from "../../support.ts";

test("a sidecar keeps its upstreams in order", () => {
  const group = groupOf(
    'service {\n connect {\n sidecar_service {\n proxy {\n upstreams {\n destination_name = "a"\n local_bind_port = 1\n }\n upstreams {\n destination_name = "b"\n }\n }\n }\n }\n}',
  );
  expect(group["Services"]).toMatchObject([
    {
      Connect: {
        Native: false,
        SidecarService: {
          Proxy: {
            Upstreams: [{ DestinationName: "a", LocalBindPort: 1 }, { DestinationName: "b" }],
          },
        },
      },
    },
  ]);
});
