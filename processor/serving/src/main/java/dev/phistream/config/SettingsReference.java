package dev.phistream.config;

/** Writes the reference tables of all settings from their declarations. */
public final class SettingsReference {
  private SettingsReference() {}

  /** Returns the tables in Markdown, with a heading for each section. */
  public static String markdown() {
    StringBuilder page = new StringBuilder();
    for (Catalogue.Entry entry : new Catalogue().entries()) {
      Section section = entry.section();
      if (section != null) {
        page.append(page.isEmpty() ? "" : "\n")
            .append("## ")
            .append(section.value())
            .append("\n\n");
        if (!section.text().isEmpty()) {
          page.append(section.text()).append("\n\n");
        }
        page.append("| setting | default | values | what it is |\n|---|---|---|---|\n");
      }
      page.append(row(entry.declaration()));
    }
    return page.toString();
  }

  private static String row(Declaration setting) {
    String shown =
        setting.setting().defaultShown().isEmpty()
            ? code(setting.byDefault())
            : setting.setting().defaultShown();
    return "| %s | %s | %s | %s |\n"
        .formatted(
            code(setting.name()),
            shown,
            setting.allowed().replace("|", "\\|"),
            setting.setting().help());
  }

  private static String code(String text) {
    return text.isEmpty() ? "" : "`" + text + "`";
  }
}
