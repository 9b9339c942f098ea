package org.commissure.site.cli;

import java.util.Locale;
import org.commissure.models.meanfield.Haemodynamics;
import org.commissure.protocol.UserError;
import picocli.CommandLine.Option;

/** Which of the two published haemodynamics. */
final class RegionalPresetOption {
    @Option(
            names = "--preset",
            paramLabel = "NAME",
            description = "haemodynamics: kong2021 (as pmfm) or wang2018 (as rmfm); their results are not comparable"
                    + " (default: ${DEFAULT-VALUE})")
    private String preset;

    RegionalPresetOption(String preset) {
        this.preset = preset;
    }

    Haemodynamics haemodynamics() {
        return switch (name()) {
            case "kong2021" -> Haemodynamics.KONG_2021;
            case "wang2018" -> Haemodynamics.WANG_2018;
            default -> throw new UserError("--preset is '" + preset + "'", "choose kong2021 or wang2018");
        };
    }

    String name() {
        return preset.toLowerCase(Locale.ROOT);
    }
}
