package org.commissure.site.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.commissure.privacy.dp.planning.PlanMode;
import org.commissure.privacy.dp.planning.PlanOption;
import org.commissure.privacy.dp.planning.PlanRequest;
import org.commissure.privacy.dp.planning.Planner;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says before a study which training its budget allows. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        description = {
            "Find the noise that a privacy budget demands, and say which privacy mode can still learn under it.",
            "Mode local: every site noises each of its local steps by itself. Mode distributed: one gradient a round,"
                    + " the noise is spread over the sites of the secure sum.",
            "A mode is feasible if the noise in a step's mean gradient, per coordinate, is at most --maximum-noise of"
                    + " the clip norm."
        },
        footer = {
            "",
            "Example: four hospitals, 100 rounds of ten local steps:",
            "  commissure privacy plan --cohort-sizes 500,800,650,1200 --epsilon 8 --delta 1e-5 --rounds 100"
                    + " --local-steps 10",
            "",
            "Exit status: 0 some mode is feasible, 1 none is."
        })
final class PrivacyPlanCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--cohort-sizes",
            required = true,
            split = ",",
            arity = "1..*",
            paramLabel = "N",
            description = "patients of each site, separated by commas")
    private List<Integer> cohortSizes = List.of();

    @Option(names = "--epsilon", required = true, description = "the epsilon that no patient may exceed, above 0")
    private double epsilon;

    @Option(names = "--delta", required = true, description = "delta of the guarantee, in (0, 1)")
    private double delta;

    @Option(names = "--rounds", required = true, paramLabel = "K", description = "rounds of the study")
    private int rounds;

    @Option(
            names = "--local-steps",
            paramLabel = "S",
            description = "mode local: steps of a site in a round (default: ${DEFAULT-VALUE})")
    private int localSteps = 1;

    @Option(
            names = "--maximum-noise",
            paramLabel = "R",
            description = "largest noise of a step's mean gradient, as a share of the clip norm"
                    + " (default: ${DEFAULT-VALUE})")
    private double maximumNoise = 0.02;

    @Option(
            names = "--colluders",
            paramLabel = "C",
            description = "mode distributed: sites whose noise is not counted on (default: ${DEFAULT-VALUE})")
    private int colluders = 1;

    @Option(names = "--json", description = "print the facts as JSON")
    private boolean json;

    @Override
    public Integer call() {
        List<PlanOption> options;
        try {
            options = new Planner(
                            new PlanRequest(cohortSizes, epsilon, delta, rounds, localSteps, maximumNoise, colluders))
                    .options();
        } catch (IllegalArgumentException e) {
            throw new UserError(String.valueOf(e.getMessage()), "correct that option; --help lists them", e);
        }
        boolean feasible = options.stream().anyMatch(PlanOption::feasible);
        PrintWriter out = Output.of(spec);
        if (json) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("feasible", feasible);
            facts.put("modes", options.stream().map(PrivacyPlanCommand::facts).toList());
            Output.json(out, facts);
        } else {
            options.forEach(option -> print(option, out));
            if (!feasible) {
                out.println("no mode is feasible: take fewer rounds or steps, more patients, or a larger epsilon");
            }
            out.flush();
        }
        return feasible ? 0 : 1;
    }

    private static Map<String, Object> facts(PlanOption option) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("mode", option.mode().label());
        facts.put("feasible", option.feasible());
        facts.put("sampling_rate", option.samplingRate());
        facts.put("noise_multiplier", option.noiseMultiplier());
        facts.put("site_noise_multiplier", option.siteNoiseMultiplier());
        facts.put("steps", option.steps());
        facts.put("epsilon", option.epsilon());
        facts.put("noise", option.noise());
        facts.put("most_rounds", option.mostRounds());
        facts.put("reason", option.reason());
        return facts;
    }

    private static void print(PlanOption option, PrintWriter out) {
        String mode = String.format(Locale.ROOT, "%-12s", option.mode().label());
        if (!option.feasible()) {
            out.println(mode + "not feasible: " + option.reason());
            if (option.mostRounds() > 0) {
                out.println("            at most " + option.mostRounds() + " rounds would be");
            }
            return;
        }
        out.println(mode + "feasible: noise multiplier " + decimals(option.noiseMultiplier()) + ", sampling rate "
                + option.samplingRate() + ", " + option.steps() + " steps");
        out.println("            epsilon " + EpsilonCommand.rounded(option.epsilon()) + "; noise "
                + String.format(Locale.ROOT, "%.2g", option.noise()) + " of the clip norm in a mean gradient"
                + (option.mode() == PlanMode.DISTRIBUTED
                        ? "; each site adds " + decimals(option.siteNoiseMultiplier()) + " times the clip norm"
                        : ""));
    }

    private static String decimals(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }
}
