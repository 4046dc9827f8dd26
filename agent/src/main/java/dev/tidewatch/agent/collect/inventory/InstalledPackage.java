package dev.tidewatch.agent.collect.inventory;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * @param manager {@code dpkg}, {@code apk} or {@code rpm}
 */
record InstalledPackage(
    String manager, String name, String version, String architecture, String vendor) {
  Map<String, String> fields() {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("PackageName", name);
    fields.put("PackageVersion", version);
    fields.put("Architecture", architecture);
    fields.put("Vendor", vendor);
    fields.put("PackageManager", manager);
    return fields;
  }
}
