/** Is this the name of a job file, and not of an editor's or a half-finished copy's temporary file? */
export function isJobFileName(name: string): boolean {
  if (name.startsWith(".") || name.startsWith("#") || name.startsWith("~") || name.endsWith("~"))
    return false;
  return (
    /\.(?:nomad|hcl|json)$/.test(name) &&
    !/\.(?:tmp|swp|part|bak|vars|nv)\.(?:nomad|hcl|json)$/.test(name)
  );
}
