package org.commissure.protocol.study;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.commissure.protocol.v1.SumKind;

/**
 * What a study of kind {@link StudyFile#PHENOTYPE} asks for: a column of {@code participants.tsv} predicted from the
 * patients' series, beside a prediction from covariates alone.
 *
 * @param externalFraction share of a site's patients that is sealed as its external cohort
 * @param minimumPatients internal patients without whom a site takes no part
 * @param covariates what demographics-only predicts from, and what ComBat preserves
 * @param overlap buckets in which patients of more than one site are counted; no count where it is absent
 * @param missing what becomes of a patient who lacks a covariate; leaves them out where it is absent
 */
public record PhenotypePlan(
        double externalFraction,
        int minimumPatients,
        Target target,
        List<Column> covariates,
        Features features,
        Harmonisation harmonisation,
        Fit fit,
        Optional<Overlap> overlap,
        Optional<Missing> missing) {

    /** Values of one site's vector; sixteen bytes each on the wire. */
    private static final long LARGEST_SUM = 4_000_000;

    private static final int MOST_CLASSES = 12;

    public PhenotypePlan {
        Checks.openUnit("phenotype.external_fraction", externalFraction);
        // Three patients are the fewest of whom a site's own location and scale can be estimated.
        Checks.range("phenotype.minimum_patients", minimumPatients, 3, 1_000_000);
        Checks.present("phenotype.covariates", covariates);
        covariates = List.copyOf(covariates);
        Checks.range("phenotype.covariates", covariates.size(), 1, 32);
        covariates.forEach(PhenotypePlan::checkCovariate);
        List<String> names =
                new ArrayList<>(covariates.stream().map(Column::column).toList());
        names.add(target.column());
        names.stream()
                .filter(name -> Collections.frequency(names, name) > 1)
                .findFirst()
                .ifPresent(name -> {
                    throw new StudyException(
                            "phenotype.covariates", "name the column '" + name + "' twice, or the target's own");
                });
        if (missing.orElse(Missing.EXCLUDE) == Missing.INDICATE && harmonisation.method() == Method.COMBAT) {
            throw new StudyException(
                    "phenotype.missing",
                    "is \"indicate\", and ComBat preserves covariates that everybody has; use \"exclude\", or another"
                            + " harmonisation");
        }
        long width = 1L + covariateColumns(covariates, missing) + features.columns() + target.columns();
        long values = fit.folds() * width * (width + 1) / 2;
        if (features.embedding().isPresent() && harmonisation.scaling() == Scaling.QUANTILES) {
            throw new StudyException(
                    "phenotype.harmonisation.scaling",
                    "is \"quantiles\", whose histograms need a range that is known beforehand, as that of connectivity"
                            + " is and that of an embedding is not; use \"none\": every column is fitted at variance 1"
                            + " anyway");
        }
        if (values > LARGEST_SUM) {
            throw new StudyException(
                    "phenotype.fit.folds",
                    "and phenotype.features.dimensions make a sum of " + values + " values; at most " + LARGEST_SUM
                            + " are summed");
        }
    }

    /** The sums that end in a release, one a round from round 1 on; EVALUATE follows in the last round. */
    public List<SumKind> course() {
        List<SumKind> course = new ArrayList<>();
        if (harmonisation.scaling() == Scaling.QUANTILES) {
            course.add(SumKind.SCALE);
        }
        if (harmonisation.method() == Method.COMBAT) {
            course.add(SumKind.HARMONISE);
        }
        course.add(SumKind.FIT);
        if (target.type() == Type.CLASSIFICATION) {
            course.addAll(Collections.nCopies(fit.iterations(), SumKind.REFINE));
        }
        return course;
    }

    /** q: columns of a patient's row that say the covariates. */
    public int covariateColumns() {
        return covariateColumns(covariates, missing);
    }

    private static int covariateColumns(List<Column> covariates, Optional<Missing> missing) {
        return missing.orElse(Missing.EXCLUDE) == Missing.INDICATE ? 2 * covariates.size() : covariates.size();
    }

    /** Whether each covariate has a second column that says whether it is known. */
    public boolean indicatesMissing() {
        return covariateColumns() > covariates.size();
    }

    /** The covariates, then the target. */
    public List<Column> columns() {
        List<Column> columns = new ArrayList<>(covariates);
        columns.add(new Column(target.column(), target.classes()));
        return columns;
    }

    /**
     * A column of {@code participants.tsv}.
     *
     * @param classes values, coded 0, 1 and so on; where absent the column holds numbers
     */
    public record Column(String column, Optional<List<String>> classes) {
        public Column {
            Checks.text("phenotype.covariates.column", column);
            checkClasses("phenotype.covariates.classes", classes);
        }
    }

    /** What is predicted. */
    public enum Type {
        @JsonProperty("regression")
        REGRESSION,
        @JsonProperty("classification")
        CLASSIFICATION
    }

    /** @param classes of a classification: of two the one coded 0, then the one coded 1; of more each against the rest */
    public record Target(String column, Type type, Optional<List<String>> classes) {
        public Target {
            Checks.text("phenotype.target.column", column);
            Checks.present("phenotype.target.type", type);
            if (classes.isPresent() != (type == Type.CLASSIFICATION)) {
                throw new StudyException(
                        "phenotype.target.classes",
                        type == Type.CLASSIFICATION
                                ? "is missing; name them all, of two the one coded 0 first"
                                : "is for phenotype.target.type = \"classification\"");
            }
            checkClasses("phenotype.target.classes", classes);
        }

        /** Columns of a patient's row: 1, or of more than two classes one each, which says whether it is theirs. */
        public int columns() {
            return classes.map(List::size).filter(size -> size > 2).orElse(1);
        }
    }

    private static void checkCovariate(Column covariate) {
        covariate.classes().filter(names -> names.size() != 2).ifPresent(names -> {
            throw new StudyException("phenotype.covariates.classes", "must name two different values, coded 0 and 1");
        });
    }

    static void checkClasses(String key, Optional<List<String>> classes) {
        classes.ifPresent(names -> {
            if (names.size() < 2 || Set.copyOf(names).size() < names.size()) {
                throw new StudyException(key, "must name two different values or more");
            }
            Checks.range(key, names.size(), 2, MOST_CLASSES);
            names.forEach(name -> Checks.text(key, name));
        });
    }

    /** What becomes of a patient who lacks a covariate. */
    public enum Missing {
        /** Takes no part. */
        @JsonProperty("exclude")
        EXCLUDE,
        /** The covariate counts as 0, and a column for it says that it is unknown. */
        @JsonProperty("indicate")
        INDICATE
    }

    /** What a patient is described by. */
    public enum FeatureKind {
        /** Fisher-z functional connectivity between all pairs of parcels, projected. */
        @JsonProperty("connectivity")
        CONNECTIVITY,
        /** What a released model's encoder makes of the series; connectivity is a baseline beside it. */
        @JsonProperty("embedding")
        EMBEDDING
    }

    /**
     * @param minimumFrames shortest scan that is used
     * @param dimensions of connectivity's random projection; its signs follow from the seed, which is public
     * @param embedding of kind {@link FeatureKind#EMBEDDING}, and of no other
     */
    public record Features(
            FeatureKind kind,
            int parcels,
            int minimumFrames,
            int dimensions,
            long seed,
            Optional<FrozenEmbedding> embedding) {
        public Features {
            Checks.present("phenotype.features.kind", kind);
            Checks.range("phenotype.features.parcels", parcels, 3, 2_000);
            Checks.range("phenotype.features.minimum_frames", minimumFrames, 10, 100_000);
            Checks.range("phenotype.features.dimensions", dimensions, 2, 1_024);
            if (embedding.isPresent() != (kind == FeatureKind.EMBEDDING)) {
                throw new StudyException(
                        "phenotype.features.embedding",
                        embedding.isPresent()
                                ? "is for phenotype.features.kind = \"embedding\""
                                : "is missing; name the model there");
            }
            if (embedding.isPresent()) {
                embedding.get().checkFits(parcels, minimumFrames);
            }
        }

        /** Numbers of one patient that models predict from: the encoder's, where there is one, then connectivity's. */
        int columns() {
            return dimensions + embedding.map(FrozenEmbedding::width).orElse(0);
        }
    }

    /** Whether features are scaled before anything else. */
    public enum Scaling {
        @JsonProperty("none")
        NONE,
        /** (x − median)/IQR with federated quantiles, then bounded. */
        @JsonProperty("quantiles")
        QUANTILES
    }

    /** How differences between sites are taken out. */
    public enum Method {
        @JsonProperty("none")
        NONE,
        /** Johnson 2007, from secure sums. */
        @JsonProperty("combat")
        COMBAT,
        /** Each site's own mean and deviation. */
        @JsonProperty("site-z")
        SITE_Z
    }

    public record Harmonisation(Scaling scaling, Method method) {
        public Harmonisation {
            Checks.present("phenotype.harmonisation.scaling", scaling);
            Checks.present("phenotype.harmonisation.method", method);
        }
    }

    /**
     * @param penalties λ, each for one patient and for columns of variance 1: the best of several is chosen by folds
     * @param folds of the training patients of all sites together; 1 where there is one penalty
     * @param iterations most Newton steps of a classification
     * @param tolerance largest move of a coefficient that counts as none
     */
    public record Fit(List<Double> penalties, int folds, int iterations, double tolerance) {
        public Fit {
            Checks.present("phenotype.fit.penalties", penalties);
            penalties = List.copyOf(penalties);
            Checks.range("phenotype.fit.penalties", penalties.size(), 1, 20);
            penalties.forEach(penalty -> Checks.range("phenotype.fit.penalties", penalty, 1e-6, 1e6));
            Checks.range("phenotype.fit.folds", folds, penalties.size() == 1 ? 1 : 2, 20);
            Checks.range("phenotype.fit.iterations", iterations, 1, 50);
            Checks.range("phenotype.fit.tolerance", tolerance, 1e-9, 1);
        }
    }

    /** @param buckets of the count; two patients fall into the same by chance with probability 1/buckets */
    public record Overlap(int buckets) {
        public Overlap {
            Checks.range("phenotype.overlap.buckets", buckets, 1_024, 1_048_576);
        }
    }
}
