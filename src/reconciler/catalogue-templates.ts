import type { ServiceRegistration } from "../model/service.ts";
import type { LiveTemplateSources } from "../node/templates.ts";
import { chooseServices } from "./choose-services.ts";
import type { CatalogueView } from "./ports.ts";

/**
 * What templates find in the catalogue of services. Variables of the cluster are not there to be asked yet: a template
 * that needs one waits, and says so.
 */
export const catalogueTemplates = (catalogue: CatalogueView): LiveTemplateSources => ({
  variable: () => "absent",
  variables: () => [],
  service: ({ name, tag, namespace, choose }) => {
    const found = catalogue
      .named(namespace, name)
      .filter(({ Tags }) => tag === "" || Tags.includes(tag));
    return (choose === undefined ? found : chooseServices(found, choose)).map(serviceData);
  },
  services: ({ namespace }) => {
    const tags = new Map<string, Set<string>>();
    for (const { ServiceName, Tags } of catalogue.all(namespace))
      tags.set(ServiceName, new Set([...(tags.get(ServiceName) ?? []), ...Tags]));
    return [...tags].map(([name, all]) => ({ name, tags: [...all] }));
  },
  watch: (changed) => catalogue.watch(changed),
});

const serviceData = (service: ServiceRegistration) =>
  ({
    id: service.ID,
    name: service.ServiceName,
    node: service.NodeID,
    address: service.Address,
    port: service.Port,
    datacenter: service.Datacenter,
    tags: service.Tags,
    jobId: service.JobID,
    allocId: service.AllocID,
  }) as const;
