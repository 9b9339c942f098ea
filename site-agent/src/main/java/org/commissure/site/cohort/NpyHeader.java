package org.commissure.site.cohort;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The dictionary at the head of a {@code .npy} file (NumPy enhancement proposal 1), read as data and
 * never evaluated.
 *
 * @param bytesPerValue 4 or 8: little-endian IEEE 754
 */
record NpyHeader(int bytesPerValue, int parcels, int frames) {
    /** NumPy's own default limit ({@code max_header_size}). */
    static final int MAXIMUM_BYTES = 10_000;

    private static final Pattern DICTIONARY = Pattern.compile("\\s*\\{(.*)\\}\\s*", Pattern.DOTALL);
    private static final Pattern ENTRY = Pattern.compile(
            "\\s*(['\"])(descr|fortran_order|shape)\\1\\s*:\\s*(?:(['\"])([^'\"]*)\\3|(True|False)|\\(([0-9,\\sL]*)\\))\\s*(?:,|$)");
    private static final Pattern SHAPE = Pattern.compile("\\s*(\\d{1,9})\\s*,\\s*(\\d{1,9})\\s*,?\\s*");

    static NpyHeader parse(String text) throws SeriesException {
        Matcher dictionary = DICTIONARY.matcher(text);
        if (!dictionary.matches()) {
            throw corrupt("the header is not a dictionary");
        }
        String descr = "";
        String order = "";
        String shape = "";
        Matcher entry = ENTRY.matcher(dictionary.group(1).strip());
        int end = 0;
        while (entry.lookingAt()) {
            switch (entry.group(2)) {
                case "descr" -> descr = orEmpty(entry.group(4));
                case "fortran_order" -> order = orEmpty(entry.group(5));
                default -> shape = orEmpty(entry.group(6));
            }
            end = entry.end();
            entry.region(end, entry.regionEnd());
        }
        if (end != entry.regionEnd() || descr.isEmpty() || order.isEmpty()) {
            throw corrupt("the header does not state descr, fortran_order and shape");
        }
        int bytesPerValue = switch (descr) {
            case "<f4" -> 4;
            case "<f8" -> 8;
            default ->
                throw unsupported(
                        "the values are of type '" + printable(descr) + "', not little-endian float32 or float64");
        };
        if (order.equals("True")) {
            throw unsupported("the array is in Fortran order, not C order");
        }
        Matcher dimensions = SHAPE.matcher(shape);
        if (!dimensions.matches()) {
            throw unsupported("the shape is (" + printable(shape) + "), not [parcels, time]");
        }
        return new NpyHeader(
                bytesPerValue, Integer.parseInt(dimensions.group(1)), Integer.parseInt(dimensions.group(2)));
    }

    private static String orEmpty(@Nullable String value) {
        return value == null ? "" : value;
    }

    private static String printable(String text) {
        String clean = text.replaceAll("[^\\x20-\\x7e]", "?");
        return clean.length() > 40 ? clean.substring(0, 40) + "…" : clean;
    }

    private static SeriesException corrupt(String problem) {
        return new SeriesException(RejectionReason.CORRUPT_FILE, problem);
    }

    private static SeriesException unsupported(String problem) {
        return new SeriesException(RejectionReason.UNSUPPORTED_SERIES, problem);
    }
}
