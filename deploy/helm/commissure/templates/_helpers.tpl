{{- define "commissure.labels" -}}
app.kubernetes.io/name: commissure
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .side }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{- end }}

{{- define "commissure.selector" -}}
app.kubernetes.io/name: commissure
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .side }}
{{- end }}

{{- define "commissure.name" -}}
{{ printf "%s-%s" .root.Release.Name .side | trunc 50 | trimSuffix "-" }}
{{- end }}

{{- define "commissure.image" -}}
{{- if .image.digest -}}
{{ .image.repository }}@{{ .image.digest }}
{{- else -}}
{{ .image.repository }}:{{ .image.tag | default .root.Chart.AppVersion }}
{{- end -}}
{{- end }}

{{- /* What every pod of ours may not: run as root, write to its image, gain rights, see the cluster's API. */ -}}
{{- define "commissure.podSecurity" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  fsGroup: 65532
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "commissure.containerSecurity" -}}
securityContext:
  readOnlyRootFilesystem: true
  allowPrivilegeEscalation: false
  privileged: false
  capabilities: {drop: [ALL]}
{{- end }}

{{- define "commissure.environment" -}}
{{- if .values.passphraseSecret }}
- {name: COMMISSURE_PASSPHRASE_FILE, value: /etc/commissure/passphrase/passphrase}
{{- end }}
{{- if .values.javaOptions }}
- name: JDK_JAVA_OPTIONS
  value: {{ .values.javaOptions | quote }}
{{- end }}
{{- with .values.database }}{{ if .passwordSecret }}
- name: COMMISSURE_DATABASE_PASSWORD
  valueFrom:
    secretKeyRef: {name: {{ .passwordSecret }}, key: {{ .passwordKey }}}
{{- end }}{{ end }}
{{- with .values.proxy }}
- name: HTTPS_PROXY
  value: {{ . | quote }}
{{- end }}
{{- end }}

{{- define "commissure.mounts" -}}
- {name: home, mountPath: /srv/commissure}
- {name: tmp, mountPath: /tmp}
- {name: cache, mountPath: /var/cache/commissure}
{{- if .values.passphraseSecret }}
- {name: passphrase, mountPath: /etc/commissure/passphrase, readOnly: true}
{{- end }}
{{- with .values.database }}{{ if .authoritySecret }}
- {name: database-authority, mountPath: /etc/commissure/database, readOnly: true}
{{- end }}{{ end }}
{{- with .values.data }}{{ if .existingClaim }}
- {name: data, mountPath: /data, readOnly: true}
{{- end }}{{ end }}
{{- end }}

{{- define "commissure.volumes" -}}
- name: home
  persistentVolumeClaim: {claimName: {{ .values.storage.existingClaim | default (printf "%s-home" (include "commissure.name" .)) }}}
- {name: tmp, emptyDir: {}}
- {name: cache, emptyDir: {}}
{{- with .values.passphraseSecret }}
- name: passphrase
  secret: {secretName: {{ . }}, defaultMode: 0440}
{{- end }}
{{- with .values.database }}{{ with .authoritySecret }}
- name: database-authority
  secret: {secretName: {{ . }}, defaultMode: 0440}
{{- end }}{{ end }}
{{- with .values.data }}{{ with .existingClaim }}
- name: data
  persistentVolumeClaim: {claimName: {{ . }}, readOnly: true}
{{- end }}{{ end }}
{{- end }}

{{- define "commissure.placement" -}}
{{- with .root.Values.imagePullSecrets }}
imagePullSecrets: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .values.nodeSelector }}
nodeSelector: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .values.tolerations }}
tolerations: {{ toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "commissure.claim" -}}
{{- if not .values.storage.existingClaim }}
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: {{ include "commissure.name" . }}-home
  labels: {{ include "commissure.labels" . | nindent 4 }}
  annotations: {helm.sh/resource-policy: keep} # keys, ledger and log outlive a release
spec:
  accessModes: [{{ .values.storage.accessMode | default "ReadWriteOnce" }}]
  {{- with .values.storage.className }}
  storageClassName: {{ . }}
  {{- end }}
  resources: {requests: {storage: {{ .values.storage.size }}}}
{{- end }}
{{- end }}

{{- define "commissure.job" -}}
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ include "commissure.name" . }}-job-{{ .values.job | toJson | sha256sum | trunc 8 }}
  labels: {{ include "commissure.labels" . | nindent 4 }}
spec:
  backoffLimit: 0
  template:
    metadata:
      labels:
        {{- include "commissure.selector" . | nindent 8 }}
        commissure.org/job: "true"
    spec:
      {{- include "commissure.podSecurity" . | nindent 6 }}
      restartPolicy: Never
      {{- include "commissure.placement" . | nindent 6 }}
      containers:
        - name: {{ .side }}
          image: {{ include "commissure.image" (dict "root" .root "image" .values.image) }}
          imagePullPolicy: {{ .values.image.pullPolicy }}
          args: {{ toYaml .values.job.arguments | nindent 12 }}
          {{- include "commissure.containerSecurity" . | nindent 10 }}
          {{- with include "commissure.environment" . }}
          env: {{ . | nindent 12 }}
          {{- end }}
          resources: {{ toYaml .values.resources | nindent 12 }}
          volumeMounts: {{ include "commissure.mounts" . | nindent 12 }}
            {{- if .values.job.secret }}
            - {name: job-secret, mountPath: /etc/commissure/job, readOnly: true}
            {{- end }}
            {{- if .values.job.claim }}
            - {name: job-claim, mountPath: /srv/job}
            {{- end }}
      volumes: {{ include "commissure.volumes" . | nindent 8 }}
        {{- with .values.job.secret }}
        - name: job-secret
          secret: {secretName: {{ . }}, defaultMode: 0440}
        {{- end }}
        {{- with .values.job.claim }}
        - name: job-claim
          persistentVolumeClaim: {claimName: {{ . }}}
        {{- end }}
{{- end }}
