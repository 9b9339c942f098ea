package org.commissure.site.cohort.reading;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * What the XML extension of a CIFTI-2 file says of one dimension of its matrix.
 *
 * @param kind the index type, such as {@code CIFTI_INDEX_TYPE_SERIES}
 * @param entries the brain models with the place of their grayordinates, or the names of the parcels or maps; two maps
 *     with equal entries index the same things
 * @param stepSeconds between frames, for a series in seconds
 * @see <a href="https://www.nitrc.org/projects/cifti/">CIFTI-2, chapter "The CIFTI XML"</a>
 */
record CiftiMap(String kind, List<String> entries, OptionalDouble stepSeconds) {
    static final String SERIES = "CIFTI_INDEX_TYPE_SERIES";
    static final String PARCELS = "CIFTI_INDEX_TYPE_PARCELS";
    static final String GRAYORDINATES = "CIFTI_INDEX_TYPE_BRAIN_MODELS";
    static final String LABELS = "CIFTI_INDEX_TYPE_LABELS";

    private static final Set<String> PLACES = Set.of("VertexIndices", "VoxelIndicesIJK");

    /** Of dimension 0 (the fastest in the file) and 1. */
    static List<CiftiMap> parse(byte[] xml) throws UnreadableSeriesException {
        CiftiMap[] byDimension = new CiftiMap[2];
        try {
            XMLInputFactory factory = XMLInputFactory.newFactory();
            factory.setProperty(XMLInputFactory.SUPPORT_DTD, false); // nothing outside the file is ever fetched
            factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
            XMLStreamReader reader = factory.createXMLStreamReader(new ByteArrayInputStream(trimmed(xml)));
            while (reader.hasNext()) {
                if (reader.next() == XMLStreamConstants.START_ELEMENT
                        && reader.getLocalName().equals("MatrixIndicesMap")) {
                    String dimensions = attribute(reader, "AppliesToMatrixDimension");
                    CiftiMap map = map(reader);
                    for (String dimension : dimensions.split(",")) {
                        byDimension[Integer.parseInt(dimension.strip())] = map;
                    }
                }
            }
        } catch (XMLStreamException | NumberFormatException | IndexOutOfBoundsException e) {
            throw new UnreadableSeriesException(
                    UnreadableSeriesException.Problem.DAMAGED, "its CIFTI extension is not what CIFTI-2 writes", e);
        }
        if (Arrays.stream(byDimension).anyMatch(Objects::isNull)) {
            throw UnreadableSeriesException.unsupported("its CIFTI extension does not describe a matrix");
        }
        return List.of(byDimension);
    }

    /** The extension is padded with zero bytes. */
    private static byte[] trimmed(byte[] xml) {
        int length = xml.length;
        while (length > 0 && xml[length - 1] == 0) {
            length--;
        }
        return Arrays.copyOf(xml, length);
    }

    private static CiftiMap map(XMLStreamReader reader) throws XMLStreamException {
        String kind = attribute(reader, "IndicesMapToDataType");
        OptionalDouble step = step(reader);
        List<String> entries = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        while (reader.hasNext()) {
            int event = reader.next();
            if (event == XMLStreamConstants.END_ELEMENT && reader.getLocalName().equals("MatrixIndicesMap")) {
                break;
            }
            if (event != XMLStreamConstants.START_ELEMENT) {
                continue;
            }
            String element = reader.getLocalName();
            if (element.equals("BrainModel")) {
                entries.add(attribute(reader, "BrainStructure") + " from " + attribute(reader, "IndexOffset") + ", "
                        + attribute(reader, "IndexCount"));
            } else if (element.equals("Parcel")) {
                String name = attribute(reader, "Name");
                entries.add(name);
                if (!seen.add(name)) {
                    throw new XMLStreamException("a parcel occurs twice");
                }
            } else if (element.equals("NamedMap")) {
                entries.add("map");
            } else if (PLACES.contains(element) && kind.equals(GRAYORDINATES)) {
                entries.add(reader.getElementText().strip().replaceAll("\\s+", " "));
            }
        }
        return new CiftiMap(kind, List.copyOf(entries), step);
    }

    private static OptionalDouble step(XMLStreamReader reader) {
        String step = attribute(reader, "SeriesStep");
        String exponent = attribute(reader, "SeriesExponent");
        if (step.isEmpty() || !attribute(reader, "SeriesUnit").equals("SECOND")) {
            return OptionalDouble.empty();
        }
        double seconds = Double.parseDouble(step) * Math.pow(10, exponent.isEmpty() ? 0 : Integer.parseInt(exponent));
        return seconds > 0 ? OptionalDouble.of(seconds) : OptionalDouble.empty();
    }

    private static String attribute(XMLStreamReader reader, String name) {
        String value = reader.getAttributeValue(null, name);
        return value == null ? "" : value;
    }
}
