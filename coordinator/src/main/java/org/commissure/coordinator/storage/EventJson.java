package org.commissure.coordinator.storage;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.util.stream.Stream;
import org.commissure.coordinator.round.RunEvent;
import org.commissure.protocol.v1.Signed;

/** Events as JSON text: the record's name as {@code kind}, bytes and messages in base64. */
final class EventJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .addMixIn(RunEvent.class, Kinds.class)
            .addModule(new SimpleModule()
                    .registerSubtypes(Stream.of(RunEvent.class.getPermittedSubclasses())
                            .map(type -> new NamedType(type, type.getSimpleName()))
                            .toArray(NamedType[]::new))
                    .addSerializer(ByteString.class, new BytesOut())
                    .addDeserializer(ByteString.class, new BytesIn())
                    .addSerializer(Signed.class, new SignedOut())
                    .addDeserializer(Signed.class, new SignedIn()))
            .build();

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    private interface Kinds {}

    private EventJson() {}

    static String kind(RunEvent event) {
        return event.getClass().getSimpleName();
    }

    static String write(RunEvent event) {
        try {
            return MAPPER.writerFor(RunEvent.class).writeValueAsString(event);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an event that has no JSON form: " + kind(event), e);
        }
    }

    static RunEvent read(String text) {
        try {
            JsonNode event = MAPPER.readTree(text);
            if (event.path("kind").asText().equals("SumComputed") && !event.has("regional")) {
                ((ObjectNode) event).putNull("regional"); // written before there were regional studies
            }
            if (event.path("kind").asText().equals("SumComputed") && !event.has("phenotype")) {
                ((ObjectNode) event).putNull("phenotype"); // written before there were studies of a phenotype
            }
            if (event.path("kind").asText().equals("SumComputed") && !event.has("leftOut")) {
                ((ObjectNode) event).putObject("leftOut"); // written before refused shares were logged
            }
            if (event.path("kind").asText().equals("SumComputed") && !event.has("nextControlSha256")) {
                ((ObjectNode) event).putNull("nextControlSha256"); // written before there were control variates
            }
            if (event.path("kind").asText().equals("RunStarted") && !event.has("sharedCount")) {
                ((ObjectNode) event) // written before a part of a model could be shared
                        .put("sharedCount", event.path("parameterCount").asLong())
                        .put("sharedSha256", "")
                        .put("controlSha256", "");
            }
            return MAPPER.treeToValue(event, RunEvent.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an event in the database cannot be read: " + e.getOriginalMessage(), e);
        }
    }

    private static final class BytesOut extends StdScalarSerializer<ByteString> {
        BytesOut() {
            super(ByteString.class);
        }

        @Override
        public void serialize(ByteString value, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeBinary(value.toByteArray());
        }
    }

    private static final class BytesIn extends StdScalarDeserializer<ByteString> {
        BytesIn() {
            super(ByteString.class);
        }

        @Override
        public ByteString deserialize(JsonParser in, DeserializationContext context) throws IOException {
            return ByteString.copyFrom(in.getBinaryValue());
        }
    }

    private static final class SignedOut extends StdScalarSerializer<Signed> {
        SignedOut() {
            super(Signed.class);
        }

        @Override
        public void serialize(Signed value, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeBinary(value.toByteArray());
        }
    }

    private static final class SignedIn extends StdScalarDeserializer<Signed> {
        SignedIn() {
            super(Signed.class);
        }

        @Override
        public Signed deserialize(JsonParser in, DeserializationContext context) throws IOException {
            return Signed.parseFrom(in.getBinaryValue());
        }
    }
}
