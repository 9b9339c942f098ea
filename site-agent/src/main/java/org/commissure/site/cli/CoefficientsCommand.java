package org.commissure.site.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.commissure.models.weights.Safetensors;
import org.commissure.protocol.UserError;
import org.commissure.protocol.study.PhenotypePlan;
import org.commissure.protocol.study.StudyFile;
import org.commissure.site.phenotype.PhenotypeCoefficients;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a run of kind phenotype fitted. */
@Command(
        name = "coefficients",
        mixinStandardHelpOptions = true,
        description = {
            "Print the coefficients of a run of kind phenotype: penalty, intercept and one line for each column.",
            "They follow from model.safetensors and study.toml in the run's folder and from nothing else; --json prints"
                    + " all of them, the text the largest per deviation of the column."
        },
        footer = {
            "",
            "Examples:",
            "  commissure science coefficients coordinator/runs/abide-age",
            "  commissure science coefficients coordinator/runs/abide-age --json"
        })
final class CoefficientsCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FOLDER", description = "a run's folder, with model.safetensors and study.toml")
    private Path folder = Path.of("");

    @Option(
            names = "--largest",
            paramLabel = "N",
            description = "lines for each model in the text (default: ${DEFAULT-VALUE})")
    private int largest = 10;

    @Mixin
    private FactsOption output = new FactsOption();

    @Override
    public Integer call() {
        if (largest < 0) {
            throw new UserError("--largest is " + largest, "give a number of lines");
        }
        StudyFile study = StudyInput.read(folder.resolve("study.toml"));
        PhenotypePlan plan = study.study()
                .phenotype()
                .orElseThrow(() -> new UserError(
                        folder + " holds a run of kind "
                                + study.study().study().kind().orElse(StudyFile.BRAINLM)
                                + ", which has no coefficients",
                        "name the folder of a run of kind phenotype"));
        PhenotypeCoefficients fitted = coefficients(plan);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("study", study.study().study().name());
        facts.put("target", fitted.target());
        facts.put("trainingPatients", fitted.trainingPatients());
        facts.put("models", fitted.models());
        output.print(facts, lines -> print(lines, fitted));
        return 0;
    }

    private PhenotypeCoefficients coefficients(PhenotypePlan plan) {
        Path file = folder.resolve("model.safetensors");
        try {
            return PhenotypeCoefficients.of(plan, Safetensors.read(file).values());
        } catch (IOException | IllegalArgumentException | ArithmeticException e) {
            throw new UserError(
                    file + " has no coefficients of the study beside it: " + e.getMessage(),
                    "name the folder of a finished run of kind phenotype",
                    e);
        }
    }

    private void print(PrintWriter lines, PhenotypeCoefficients fitted) {
        lines.println(fitted.target() + ", fitted to " + fitted.trainingPatients() + " training patients");
        for (PhenotypeCoefficients.Fitted model : fitted.models()) {
            List<PhenotypeCoefficients.Coefficient> all = model.coefficients();
            String against = model.againstRest() == null ? "" : ", " + model.againstRest() + " against the rest";
            lines.printf(
                    Locale.ROOT,
                    "%n%s%s: %d columns, penalty %s, intercept %.6g%n",
                    model.model(),
                    against,
                    all.size(),
                    model.penalty(),
                    model.intercept());
            all.stream()
                    .sorted(Comparator.comparingDouble(one -> -Math.abs(one.standardised())))
                    .limit(largest)
                    .forEach(one -> lines.printf(
                            Locale.ROOT,
                            "  %-24s %13.6g  per deviation %10.4f%n",
                            one.column(),
                            one.value(),
                            one.standardised()));
        }
    }
}
