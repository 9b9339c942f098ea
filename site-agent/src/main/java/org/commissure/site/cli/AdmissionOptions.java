package org.commissure.site.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commissure.site.cohort.CohortRules;
import org.commissure.site.cohort.QualityRules;
import org.commissure.site.cohort.reading.Parcellation;
import org.commissure.site.cohort.reading.SeriesReading;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Who is admitted, and how the series are read. */
final class AdmissionOptions {
    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    private static final int USUAL_PARCELS = 200;
    private static final Pattern LABEL = Pattern.compile("(?:(?:tpl|atlas)-)?([A-Za-z0-9]+)");

    @Option(
            names = "--parcels",
            paramLabel = "N",
            description =
                    "Parcels every series must have (default: those of --atlas-volume, or " + USUAL_PARCELS + ").")
    private @Nullable Integer parcels;

    @Option(
            names = "--minimum-frames",
            defaultValue = "80",
            paramLabel = "N",
            description = "Shortest series that is admitted, in frames (default: ${DEFAULT-VALUE}).")
    private int minimumFrames;

    @Option(
            names = "--atlas",
            paramLabel = "LABEL",
            description = "Which atlas-LABEL to prefer where a folder holds several (default: ${DEFAULT-VALUE}).")
    private String atlas = CohortRules.DEFAULT_ATLAS;

    @Option(
            names = "--description",
            paramLabel = "LABEL",
            description = "Which desc-LABEL to prefer where a folder holds several (default: ${DEFAULT-VALUE}).")
    private String description = CohortRules.DEFAULT_DESCRIPTION;

    @Option(
            names = "--atlas-volume",
            paramLabel = "FILE",
            description = "Labels that average voxels (*_dseg.nii.gz) or grayordinates (*.dlabel.nii) into parcels,"
                    + " in ascending order of label.")
    private @Nullable Path atlasVolume;

    @Option(
            names = "--resample-atlas",
            description = "Carry the atlas to a scan's grid by nearest neighbour where the grids differ. Say so only if"
                    + " both are in one space: no file tells.")
    private boolean resampleAtlas;

    @Option(
            names = "--repetition-time",
            paramLabel = "SECONDS",
            description = "The only repetition time that is admitted (default: any).")
    private @Nullable Double repetitionTime;

    @Option(
            names = "--maximum-mean-fd",
            paramLabel = "MM",
            description = "Most head motion that is admitted: mean framewise displacement, from the column mean_fd or"
                    + " fMRIPrep's confounds (default: any).")
    private @Nullable Double maximumMeanDisplacement;

    @Option(
            names = "--require",
            split = ",",
            paramLabel = "COLUMN",
            description = "Columns of participants.tsv that must be known of everybody.")
    private List<String> required = List.of();

    @Option(
            names = "--numeric",
            split = ",",
            paramLabel = "COLUMN",
            description = "Columns that must hold a finite number for everybody.")
    private List<String> numeric = List.of();

    private Optional<Parcellation> parcellation = Optional.empty();

    CohortRules rules() {
        if (atlasVolume != null && parcellation.isEmpty()) {
            parcellation = Optional.of(Parcellation.read(atlasVolume));
        }
        int expected = parcels != null
                ? parcels
                : parcellation.map(Parcellation::parcels).orElse(USUAL_PARCELS);
        try {
            return new CohortRules(
                    expected,
                    minimumFrames,
                    atlas,
                    description,
                    new QualityRules(of(repetitionTime), of(maximumMeanDisplacement), required, numeric));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    Objects.requireNonNull(command, "picocli injects the specification")
                            .commandLine(),
                    String.valueOf(e.getMessage()),
                    e);
        }
    }

    /** As the rules read series; call {@link #rules} first. */
    SeriesReading reading(CohortRules rules) {
        return new SeriesReading(rules.parcels(), parcellation, resampleAtlas);
    }

    /** What the atlas's file calls itself, {@code CC200} for {@code CC200_MNI152_3mm_dseg.nii.gz}. */
    Optional<String> atlasLabel() {
        if (atlasVolume == null) {
            return Optional.empty();
        }
        Matcher label = LABEL.matcher(atlasVolume.getFileName().toString());
        return label.lookingAt() ? Optional.of(label.group(1)) : Optional.empty();
    }

    private static OptionalDouble of(@Nullable Double value) {
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }
}
