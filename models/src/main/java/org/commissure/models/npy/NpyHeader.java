package org.commissure.models.npy;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The dictionary at the head of a {@code .npy} file (NumPy enhancement proposal 1), read as data and
 * never evaluated.
 *
 * @param shape dimensions, the first index first; empty for a single value
 * @param columnsFirst whether the first index varies fastest (Fortran order)
 */
record NpyHeader(NpyType type, ByteOrder byteOrder, List<Integer> shape, boolean columnsFirst) {
    /** NumPy's own default limit ({@code max_header_size}). */
    static final int MAXIMUM_BYTES = 10_000;

    private static final Pattern DICTIONARY = Pattern.compile("\\s*\\{(.*)\\}\\s*", Pattern.DOTALL);
    private static final Pattern ENTRY = Pattern.compile(
            "\\s*(['\"])(descr|fortran_order|shape)\\1\\s*:\\s*(?:(['\"])([^'\"]*)\\3|(True|False)|\\(([0-9,\\sL]*)\\))\\s*(?:,|$)");
    private static final Pattern SHAPE =
            Pattern.compile("\\s*|\\s*\\d{1,9}\\s*,\\s*|\\s*\\d{1,9}\\s*(,\\s*\\d{1,9}\\s*){1,7},?\\s*");

    static NpyHeader parse(String text) throws NpyException {
        Matcher dictionary = DICTIONARY.matcher(text);
        if (!dictionary.matches()) {
            throw NpyException.damaged("the header is not a dictionary");
        }
        String descr = "";
        String order = "";
        @Nullable String shape = null;
        Matcher entry = ENTRY.matcher(dictionary.group(1).strip());
        int end = 0;
        while (entry.lookingAt()) {
            switch (entry.group(2)) {
                case "descr" -> descr = orEmpty(entry.group(4));
                case "fortran_order" -> order = orEmpty(entry.group(5));
                default -> shape = entry.group(6);
            }
            end = entry.end();
            entry.region(end, entry.regionEnd());
        }
        if (end != entry.regionEnd() || descr.isEmpty() || order.isEmpty() || shape == null) {
            throw NpyException.damaged("the header does not state descr, fortran_order and shape");
        }
        ByteOrder byteOrder = descr.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        return new NpyHeader(type(descr), byteOrder, dimensions(shape), order.equals("True"));
    }

    private static NpyType type(String descr) throws NpyException {
        for (NpyType type : NpyType.values()) {
            if (descr.equals("<" + type.kind()) || descr.equals(">" + type.kind())) {
                return type;
            }
        }
        throw NpyException.unsupported(
                "the values are of type '" + printable(descr) + "', not float32, float64, int32 or int64");
    }

    private static List<Integer> dimensions(String shape) throws NpyException {
        if (!SHAPE.matcher(shape).matches()) {
            throw NpyException.unsupported("the shape is (" + printable(shape) + "), which is not read");
        }
        List<Integer> dimensions = new ArrayList<>();
        Arrays.stream(shape.split(","))
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .map(Integer::valueOf)
                .forEach(dimensions::add);
        return List.copyOf(dimensions);
    }

    private static String orEmpty(@Nullable String value) {
        return value == null ? "" : value;
    }

    private static String printable(String text) {
        String clean = text.replaceAll("[^\\x20-\\x7e]", "?");
        return clean.length() > 40 ? clean.substring(0, 40) + "…" : clean;
    }
}
