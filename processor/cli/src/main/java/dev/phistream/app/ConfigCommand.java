package dev.phistream.app;

import dev.phistream.config.ConfigException;
import dev.phistream.config.EffectiveSetting;
import dev.phistream.config.SettingsReference;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what is configured. */
@Command(
    name = "config",
    mixinStandardHelpOptions = true,
    description = {
      "Check the settings and print their effective values with where each was set.",
      "The output is YAML. Secrets are masked."
    })
final class ConfigCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private ConfigOptions options = new ConfigOptions();

  @Mixin private RoleOptions role = new RoleOptions();

  @Option(names = "--changed", description = "Leave out settings that have their defaults.")
  private boolean changed;

  @Option(
      names = "--reference",
      description = "Print the tables of all settings for docs/configuration.md instead.")
  private boolean reference;

  ConfigCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws ConfigException {
    if (reference) {
      console.out().print(SettingsReference.markdown());
      console.out().flush();
      return 0;
    }
    for (EffectiveSetting setting :
        EffectiveSetting.of(options.load(role.over(options.loader())))) {
      if (!changed || setting.isSet()) {
        console
            .out()
            .println(
                "%-40s # %s".formatted(setting.name() + ": " + setting.yaml(), setting.origin()));
      }
    }
    return 0;
  }
}
