package org.commissure.privacy.dp;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commissure.privacy.dp.ReferenceData.Row;

/** A row of {@code dp_accounting_public.csv} as one of our mechanisms. */
public final class ReferenceMechanism {
    private static final Pattern BATCH = Pattern.compile("sample_size=(\\d+);dataset=(\\d+)");

    private ReferenceMechanism() {}

    public static Mechanism of(Row row) {
        double sigma = row.number("sigma");
        return switch (row.text("mechanism")) {
            case "gaussian_poisson" -> new PoissonGaussian(row.number("q"), sigma);
            case "gaussian_wor" -> {
                Matcher batch = BATCH.matcher(row.text("note"));
                if (!batch.find()) {
                    throw new IllegalArgumentException(row.toString());
                }
                yield new FixedSizeGaussian(Long.parseLong(batch.group(1)), Long.parseLong(batch.group(2)), sigma);
            }
            case "tree_single_epoch" -> new TreeGaussian((long) row.number("steps"), sigma);
            case "discrete_gaussian_1d" ->
                new SummedDiscreteGaussian(row.number("q"), sigma, 1, 1, row.number("l2_sens"), row.number("l2_sens"));
            case "skellam_rdp_bound" ->
                new SummedSkellam(
                        row.number("q"), sigma, (long) row.number("dim"), row.number("l1_sens"), row.number("l2_sens"));
            case "ddgauss_rdp_bound" ->
                new SummedDiscreteGaussian(
                        row.number("q"),
                        sigma,
                        (int) row.number("n_parties"),
                        (long) row.number("dim"),
                        row.number("l1_sens"),
                        row.number("l2_sens"));
            default -> throw new IllegalArgumentException(row.text("mechanism"));
        };
    }

    /** A tree's steps are its leaves: the mechanism is used once. */
    public static long steps(Row row) {
        return row.text("mechanism").equals("tree_single_epoch") ? 1 : (long) row.number("steps");
    }

    /** A tree's neighbours differ by one zeroed contribution, as far apart as an added one. */
    public static Relation relation(Row row) {
        return row.text("relation").toUpperCase(Locale.ROOT).equals("REPLACE_ONE")
                ? Relation.REPLACE_ONE
                : Relation.ADD_REMOVE;
    }
}
