package org.commissure.site.cohort.reading;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A text file of numbers: tabs, commas or blanks between them; {@code n/a} or nothing for what is unknown; an optional
 * first line of names; {@code #} before comments. A byte-order mark and Windows line ends are taken as they come.
 *
 * @param names of the columns; empty if the file has none
 * @param rows one for each line, all of the same length; NaN for what is unknown
 */
record NumberTable(List<String> names, List<float[]> rows) {
    private static final long MAXIMUM_BYTES = 1L << 30;
    private static final Pattern TABS = Pattern.compile(" *\\t *");
    private static final Pattern COMMAS = Pattern.compile(" *, *");
    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final Pattern NUMBER = Pattern.compile("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");

    /** @throws UnreadableSeriesException naming the line at fault */
    static NumberTable read(Path file) throws IOException {
        if (Files.size(file) > MAXIMUM_BYTES) {
            throw UnreadableSeriesException.unsupported("it is a text file of more than 1 GiB");
        }
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            return read(reader);
        } catch (CharacterCodingException e) {
            throw new UnreadableSeriesException(
                    UnreadableSeriesException.Problem.DAMAGED, "it is not a text file in UTF-8", e);
        }
    }

    private static NumberTable read(BufferedReader reader) throws IOException {
        List<String> names = List.of();
        List<float[]> rows = new ArrayList<>();
        int number = 0;
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            number++;
            String text = number == 1 ? line.replace("\uFEFF", "") : line;
            if (text.isBlank() || (text.startsWith("#") && !(rows.isEmpty() && isHeader(text)))) {
                continue;
            }
            List<String> cells = cells(text);
            if (rows.isEmpty() && names.isEmpty() && isHeader(text)) {
                names = cells;
            } else {
                int columns = !names.isEmpty() ? names.size() : rows.isEmpty() ? cells.size() : rows.getFirst().length;
                rows.add(numbers(cells, columns, number));
            }
        }
        if (rows.isEmpty()) {
            throw UnreadableSeriesException.damaged("it holds no line of numbers");
        }
        return new NumberTable(names, rows);
    }

    /** C-PAC writes {@code #2001 <tab> #2002}: names, not a comment. */
    private static boolean isHeader(String line) {
        List<String> cells = cells(line);
        boolean marked = cells.size() > 1 && cells.stream().allMatch(cell -> cell.startsWith("#"));
        return marked
                || (!line.startsWith("#")
                        && cells.stream().noneMatch(cell -> NUMBER.matcher(cell).matches() || isUnknown(cell)));
    }

    private static List<String> cells(String line) {
        boolean tabs = line.indexOf('\t') >= 0;
        if (!tabs && line.indexOf(',') < 0) {
            return List.of(BLANKS.split(line.strip()));
        }
        List<String> cells = List.of((tabs ? TABS : COMMAS).split(line, -1));
        boolean endsOpen = cells.getLast().isEmpty(); // a separator after the last number
        return endsOpen && cells.size() > 1 ? cells.subList(0, cells.size() - 1) : cells;
    }

    private static float[] numbers(List<String> cells, int columns, int line) throws UnreadableSeriesException {
        boolean lastUnknown = cells.size() == columns - 1; // nothing after the last separator
        if (cells.size() != columns && !lastUnknown) {
            throw UnreadableSeriesException.damaged(
                    "line " + line + " has " + cells.size() + " columns, but the lines before have " + columns);
        }
        float[] row = new float[columns];
        for (int column = 0; column < columns; column++) {
            String cell = column < cells.size() ? cells.get(column) : "";
            if (NUMBER.matcher(cell).matches()) {
                row[column] = Float.parseFloat(cell);
            } else if (isUnknown(cell)) {
                row[column] = Float.NaN;
            } else {
                throw UnreadableSeriesException.unsupported(
                        "line " + line + ", column " + (column + 1) + " holds text where a number belongs");
            }
        }
        return row;
    }

    private static boolean isUnknown(String cell) {
        String lower = cell.toLowerCase(Locale.ROOT);
        return lower.isEmpty() || lower.equals("n/a") || lower.equals("nan") || lower.equals("na");
    }
}
