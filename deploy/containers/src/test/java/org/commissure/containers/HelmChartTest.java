package org.commissure.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The chart as Helm itself reads it. */
final class HelmChartTest {
    private static final Path CHART = Path.of("..", "helm", "commissure");
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private static final String REPLICAS = """
            coordinator:
              enabled: true
              passphraseSecret: keys
              database: {passwordSecret: database, authoritySecret: database-ca}
              console: {enabled: true}
              metrics: {serviceMonitor: true}
            """;
    private static final String ONE_FILE = """
            coordinator:
              enabled: true
              replicas: 1
              storage: {accessMode: ReadWriteOnce, className: fast}
              javaOptions: -Xmx1g
              image: {repository: registry.example.org/commissure-coordinator, tag: "1.2"}
            imagePullSecrets: [{name: registry}]
            """;
    private static final String HOSPITAL = """
            site:
              enabled: true
              data: {existingClaim: cohort}
              proxy: http://proxy.example.org:3128
              passphraseSecret: keys
            """;
    private static final String INIT = """
            coordinator:
              enabled: true
              database: {passwordSecret: database}
              job:
                arguments: [init, --home, /srv/commissure/home, --root, /srv/job/root, --federation, epilepsy, --host, fed.example.org]
                claim: root
            """;
    private static final String ENROL = """
            site:
              enabled: true
              data: {existingClaim: cohort}
              job:
                arguments: [site, enrol, --invitation, /etc/commissure/job/invitation.json, --home, /srv/commissure/home, --data, /data]
                secret: invitation
            """;

    @TempDir
    private Path folder = Path.of("");

    @Test
    void lintFindsNothing() {
        LintResult result = new Helm(CHART).lint().strict().call();
        assertThat(result.getMessages()).noneMatch(message -> message.contains("[ERROR]"));
        assertThat(result.isFailed()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {REPLICAS, ONE_FILE, HOSPITAL, INIT, ENROL})
    void noPodMayDoMoreThanItNeeds(String values) throws IOException {
        List<JsonNode> pods = pods(render(values));
        assertThat(pods).isNotEmpty();
        for (JsonNode pod : pods) {
            assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
            assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
            assertThat(pod.at("/securityContext/runAsUser").asInt()).isEqualTo(ContainerImage.USER);
            assertThat(pod.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
            assertThat(pod.has("hostNetwork") || pod.has("hostPID")).isFalse();
            for (JsonNode container : pod.get("containers")) {
                JsonNode security = container.get("securityContext");
                assertThat(security.get("readOnlyRootFilesystem").asBoolean()).isTrue();
                assertThat(security.get("allowPrivilegeEscalation").asBoolean(true))
                        .isFalse();
                assertThat(security.at("/capabilities/drop/0").asText()).isEqualTo("ALL");
                assertThat(container.at("/resources/limits/memory").asText()).isNotEmpty();
                assertThat(container.at("/resources/requests/cpu").asText()).isNotEmpty();
                assertThat(texts(container.get("volumeMounts"), "mountPath"))
                        .contains(ContainerImage.HOME, ContainerImage.CACHE, "/tmp");
                assertThat(texts(pod.get("volumes"), "name")).containsAll(texts(container.get("volumeMounts"), "name"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {REPLICAS, ONE_FILE, HOSPITAL, INIT, ENROL})
    void theChartHoldsNoSecretAndNoConfigMap(String values) throws IOException {
        assertThat(render(values))
                .extracting(object -> object.get("kind").asText())
                .doesNotContain("Secret", "ConfigMap", "Role", "ClusterRole");
    }

    @Test
    void thePasswordOfTheDatabaseIsReferredToAndStandsNowhere() throws IOException {
        JsonNode container = pods(render(REPLICAS)).getFirst().at("/containers/0");
        JsonNode password = named(container.get("env"), "COMMISSURE_DATABASE_PASSWORD");
        assertThat(password.has("value")).isFalse();
        assertThat(password.at("/valueFrom/secretKeyRef/name").asText()).isEqualTo("database");
        assertThat(password.at("/valueFrom/secretKeyRef/key").asText()).isEqualTo("password");
    }

    @Test
    void portsAreThoseOfTheImageAndTheServiceLeadsToThem() throws IOException {
        List<JsonNode> objects = render(REPLICAS);
        JsonNode container = pods(objects).getFirst().at("/containers/0");
        assertThat(StreamSupport.stream(container.get("ports").spliterator(), false)
                        .map(port -> port.get("containerPort").asInt()))
                .containsExactlyInAnyOrderElementsOf(Side.COORDINATOR.ports());
        List<String> names = texts(container.get("ports"), "name");
        List<JsonNode> services = of(objects, "Service");
        assertThat(services).hasSize(2);
        for (JsonNode service : services) {
            assertThat(names).containsAll(texts(service.at("/spec/ports"), "targetPort"));
        }
        assertThat(texts(services.getFirst().at("/spec/ports"), "name"))
                .as("what a load balancer shows to the world")
                .containsExactly("grpc", "log", "console");
        assertThat(texts(container.get("args"), ""))
                .containsSubsequence("serve", "--home", "/srv/commissure/home", "--metrics-port", "9464");
        assertThat(texts(container.get("args"), "")).containsSubsequence("--console-port", "8445");
    }

    /** A replica that stands by listens nowhere: a probe for life would kill it. */
    @Test
    void onlyACoordinatorThatIsAloneIsProbedForLife() throws IOException {
        JsonNode ofTwo = pods(render(REPLICAS)).getFirst().at("/containers/0");
        assertThat(ofTwo.at("/readinessProbe/tcpSocket/port").asText()).isEqualTo("grpc");
        assertThat(ofTwo.has("livenessProbe")).isFalse();
        assertThat(ofTwo.has("startupProbe")).isFalse();
        JsonNode alone = pods(render(ONE_FILE)).getFirst().at("/containers/0");
        assertThat(alone.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/healthz");
        assertThat(alone.at("/livenessProbe/httpGet/port").asText()).isEqualTo("metrics");
    }

    @Test
    void twoVersionsNeverServeOneHome() throws IOException {
        JsonNode deployment = of(render(REPLICAS), "Deployment").getFirst();
        assertThat(deployment.at("/spec/strategy/type").asText()).isEqualTo("Recreate");
        assertThat(deployment.at("/spec/replicas").asInt()).isEqualTo(2);
        assertThat(of(render(REPLICAS), "PersistentVolumeClaim")
                        .getFirst()
                        .at("/spec/accessModes/0")
                        .asText())
                .isEqualTo("ReadWriteMany");
        assertThat(of(render(REPLICAS), "PodDisruptionBudget")).hasSize(1);
        assertThat(of(render(REPLICAS), "ServiceMonitor")).hasSize(1);
        assertThat(of(render(ONE_FILE), "ServiceMonitor")).isEmpty();
    }

    @Test
    void nothingReachesAHospitalsAgentAndItReachesTheCoordinatorOnly() throws IOException {
        List<JsonNode> objects = render(HOSPITAL);
        assertThat(of(objects, "Service")).isEmpty();
        JsonNode policy = of(objects, "NetworkPolicy").getFirst().get("spec");
        assertThat(texts(policy.get("policyTypes"), "")).containsExactly("Ingress", "Egress");
        assertThat(policy.get("ingress")).isEmpty();
        assertThat(policy.at("/egress/1/ports/0/port").asInt()).isEqualTo(8443);
        JsonNode pod = pods(objects).getFirst();
        assertThat(pod.at("/containers/0").has("ports")).isFalse();
        assertThat(named(pod.at("/containers/0/volumeMounts"), "data")
                        .get("readOnly")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void theCoordinatorReachesTheOpenIdProviderThatIsNamedAndNoOther() throws IOException {
        String named = REPLICAS.replace(
                "console: {enabled: true}", "console: {enabled: true, provider: {cidr: 10.0.9.1/32, port: 8443}}");
        JsonNode egress = of(render(named), "NetworkPolicy").getFirst().at("/spec/egress");
        assertThat(egress).hasSize(3);
        assertThat(egress.at("/2/to/0/ipBlock/cidr").asText()).isEqualTo("10.0.9.1/32");
        assertThat(egress.at("/2/ports/0/port").asInt()).isEqualTo(8443);
        assertThat(of(render(REPLICAS), "NetworkPolicy").getFirst().at("/spec/egress"))
                .hasSize(2);
    }

    @Test
    void aJobTakesThePlaceOfTheProcessWhileTheHomeIsMade() throws IOException {
        List<JsonNode> objects = render(INIT);
        assertThat(of(objects, "Deployment")).isEmpty();
        JsonNode job = pods(objects).getFirst();
        assertThat(texts(job.at("/containers/0/args"), "")).startsWith("init", "--home");
        assertThat(texts(job.at("/containers/0/volumeMounts"), "mountPath")).contains("/srv/job");
        assertThat(of(render(ENROL), "StatefulSet")).isEmpty();
        assertThat(texts(pods(render(ENROL)).getFirst().at("/containers/0/volumeMounts"), "mountPath"))
                .contains("/etc/commissure/job", "/data");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "coordinator: {enabled: true} | more than one needs PostgreSQL",
                "coordinator: {enabled: true, replicas: 3, database: {passwordSecret: d}} | replicas",
                "coordinator: {enabled: true, replica: 1} | replica",
                "coordinator: {enabled: true, database: {passwordSecret: d, password: hunter2}} | password",
                "coordinator: {enabled: true, database: {passwordSecret: d}, storage: {accessMode: ReadWriteOnce}}"
                        + " | must be ReadWriteMany",
                "coordinator: {enabled: true, replicas: 1, ports: {grpc: 443}} | grpc",
                "coordinator: {enabled: true, replicas: 1, storage: {size: plenty}} | size",
                "coordinator: {enabled: true, replicas: 1, image: {digest: latest}} | digest",
                "site: {enabled: true} | existingClaim"
            })
    void whatCannotBeMeantIsRefusedByName(String values, String said) {
        assertThatThrownBy(() -> render(values)).hasMessageContaining(said);
    }

    private List<JsonNode> render(String values) throws IOException {
        TemplateCommand command = new Helm(CHART)
                .template()
                .withName("trial")
                .withKubeVersion("1.31.0")
                .withValuesFile(Files.writeString(folder.resolve("values.yaml"), values));
        return parse(command.call());
    }

    private static List<JsonNode> parse(String text) throws JsonProcessingException, IOException {
        List<JsonNode> objects = new ArrayList<>();
        try (MappingIterator<JsonNode> documents =
                YAML.readerFor(JsonNode.class).readValues(text)) {
            while (documents.hasNext()) {
                JsonNode one = documents.next();
                if (one != null && one.isObject()) {
                    objects.add(one);
                }
            }
        }
        return objects;
    }

    private static List<JsonNode> of(List<JsonNode> objects, String kind) {
        return objects.stream()
                .filter(object -> object.get("kind").asText().equals(kind))
                .toList();
    }

    private static List<JsonNode> pods(List<JsonNode> objects) {
        return objects.stream()
                .map(object -> object.at("/spec/template/spec"))
                .filter(JsonNode::isObject)
                .toList();
    }

    /** @param field empty for texts themselves */
    private static List<String> texts(JsonNode list, String field) {
        List<String> texts = new ArrayList<>();
        list.forEach(
                one -> texts.add(field.isEmpty() ? one.asText() : one.get(field).asText()));
        return texts;
    }

    private static JsonNode named(JsonNode list, String name) {
        return StreamSupport.stream(list.spliterator(), false)
                .filter(one -> one.get("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
