package org.commissure.site.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.commissure.models.durable.AtomicFile;
import org.commissure.models.meanfield.files.MatrixFile;
import org.commissure.models.meanfield.files.RegionTable;
import org.commissure.protocol.UserError;
import org.commissure.protocol.study.RegionalPlan;
import org.commissure.protocol.study.StudyException;
import org.commissure.protocol.study.StudyFile;
import org.commissure.site.regional.ParcelWeightsFile;
import org.commissure.site.regional.RegionalWork;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A federated regional study from a template and public group data. */
@Command(
        name = "study",
        mixinStandardHelpOptions = true,
        description = {
            "Write a study of kind regional: the template's text, followed by the group data of the atlas, so that every"
                    + " site approves the same connectome, maps and parcel weights with the study.",
            "The template is a study without [regional.atlas]. The result is checked as a run would check it."
        },
        footer = {
            "",
            "Example:",
            "  commissure site regional study --template template.toml --regions regions.tsv --sc sc.csv \\",
            "      --weights weights_CC200_to_DesikanKilliany68.tsv --out study.toml"
        })
final class RegionalStudyCommand implements Callable<Integer> {
    @Option(names = "--template", required = true, paramLabel = "FILE", description = "study without [regional.atlas]")
    @SuppressWarnings("NullAway.Init") // required
    private Path template;

    @Option(
            names = "--regions",
            required = true,
            paramLabel = "FILE",
            description = "table with a column region or name")
    @SuppressWarnings("NullAway.Init") // required
    private Path regions;

    @Option(names = "--sc", required = true, paramLabel = "FILE", description = "group structural connectome")
    @SuppressWarnings("NullAway.Init") // required
    private Path connectome;

    @Option(
            names = "--weights",
            paramLabel = "FILE",
            description = "from the sites' parcels to regions (.tsv: region, coverage, one column for each parcel);"
                    + " without it, parcels are the regions")
    private @Nullable Path weights;

    @Option(names = "--myelin", paramLabel = "FILE", description = "T1w/T2w by region, for pmfm")
    private @Nullable Path myelin;

    @Option(names = "--gradient", paramLabel = "FILE", description = "principal gradient by region, for pmfm")
    private @Nullable Path gradient;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "study to write")
    @SuppressWarnings("NullAway.Init") // required
    private Path out;

    @Mixin
    private FactsOption output = new FactsOption();

    @Override
    public Integer call() {
        StudyFile study;
        try {
            study = StudyFile.parse(text());
            AtomicFile.write(out, study.text().getBytes(StandardCharsets.UTF_8));
        } catch (StudyException e) {
            throw new UserError("the study: " + e.getMessage(), "correct the template or the named file", e);
        } catch (IOException e) {
            throw new UserError(String.valueOf(e.getMessage()), "check the file", e);
        }
        RegionalPlan plan = study.study()
                .regional()
                .orElseThrow(() -> new UserError(
                        "the template's study.kind is not \"regional\"", "begin it with [study] kind = \"regional\""));
        RegionalWork.problem(plan).ifPresent(problem -> {
            throw new UserError(problem, "correct the file after --sc or [regional.fit]");
        });
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("file", out.toString());
        facts.put("sha256", HexFormat.of().formatHex(study.sha256()));
        facts.put("regions", plan.regions());
        facts.put("sourceParcels", plan.atlas().sourceParcels());
        facts.put("poorlyCovered", plan.atlas().poorlyCovered());
        output.print(facts, print -> {
            print.println("wrote " + out + ": " + plan.regions() + " regions from "
                    + plan.atlas().sourceParcels() + " parcels, SHA-256 " + facts.get("sha256"));
            if (!plan.atlas().poorlyCovered().isEmpty()) {
                print.println("poorly covered by the parcels (less than half): "
                        + String.join(", ", plan.atlas().poorlyCovered()));
            }
        });
        return 0;
    }

    private String text() throws IOException {
        RegionTable table = RegionTable.read(regions);
        List<String> lines = new ArrayList<>(List.of(
                "",
                "[regional.atlas]",
                "names = "
                        + table.regions().stream()
                                .map(region -> '"' + region.name().replaceAll("[\"\\\\]", "_") + '"')
                                .collect(Collectors.joining(", ", "[", "]"))));
        if (weights == null) {
            lines.add("source_parcels = " + table.size());
        } else {
            ParcelWeightsFile mapping = ParcelWeightsFile.read(weights);
            if (mapping.regions().size() != table.size()) {
                throw new UserError(
                        weights + " has " + mapping.regions().size() + " regions, " + regions + " has " + table.size(),
                        "name files of one atlas");
            }
            lines.add("source_parcels = " + mapping.parcels());
            lines.add("coverage = " + vector(mapping.coverage()));
            lines.add("weights = " + matrix(mapping.entries()));
        }
        lines.add("structural_connectivity = " + matrix(MatrixFile.read(connectome)));
        if (myelin != null) {
            lines.add("myelin = " + vector(MatrixFile.readVector(myelin)));
        }
        if (gradient != null) {
            lines.add("gradient = " + vector(MatrixFile.readVector(gradient)));
        }
        return Files.readString(template) + String.join("\n", lines) + "\n";
    }

    private static String matrix(double[][] rows) {
        return Arrays.stream(rows).map(RegionalStudyCommand::vector).collect(Collectors.joining(",\n  ", "[\n  ", "]"));
    }

    private static String vector(double[] values) {
        return Arrays.stream(values)
                .mapToObj(value -> value == Math.rint(value) && Math.abs(value) < 1e9
                        ? Long.toString((long) value)
                        : String.format(Locale.ROOT, "%.9g", value))
                .collect(Collectors.joining(", ", "[", "]"));
    }
}
