"""compose.yaml, the Dockerfile and the Kubernetes manifests agree with the program and with each other.

There is no Docker engine where the tests run: the files are read as what they are, and what they name must exist.
"""

import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import trustme
import yaml

from streams.cli.worker import LONGEST_PAUSE_S
from streams.settings import Settings
from streams.stages import STAGES
from streams.topics import MAX_RECORD_BYTES, SOURCES
from streams.worker import CRASHED_STOP_TIMEOUT_S, STOP_TIMEOUT_S

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
PACKAGES = ("deploy", "processors", "schemas", "streams")


def documents(file: Path) -> list[Any]:
    """The YAML documents of a file."""
    return list(yaml.safe_load_all(file.read_text()))


COMPOSE: dict[str, Any] = documents(DEPLOY / "compose.yaml")[0]
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
PROMETHEUS: dict[str, Any] = documents(DEPLOY / "prometheus" / "prometheus.yml")[0]
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
MANIFESTS = [manifest for file in sorted((DEPLOY / "kubernetes").glob("*.yaml")) for manifest in documents(file)]
STATEFUL_SETS = {manifest["metadata"]["name"]: manifest["spec"] for manifest in MANIFESTS if manifest["kind"] == "StatefulSet"}
CONFIG = next(manifest for manifest in MANIFESTS if manifest["kind"] == "ConfigMap")
STARTED_AFTER_S = 60
"""From its start to its first answer on /live, a generous guess."""
MB = 2**20
WORKER_MB, STATE_MB = 120, 512
"""What a worker takes without articles, and what its limit leaves for state at least."""
LIMITS = (ROOT / "docs" / "reliability.md").read_text().partition("## Limits")[2].partition("\n## ")[0]
PORT = Settings.model_fields["http_port"].default


def settings_of(environment: dict[str, str]) -> Settings:
    """The settings that an environment means; every COPYDESK_ variable must be one."""
    names = {f"COPYDESK_{name.upper()}": name for name in Settings.model_fields}
    return Settings.model_validate({names[variable]: value for variable, value in environment.items() if "COPYDESK" in variable})


def container(stateful_set: dict[str, Any]) -> dict[str, Any]:
    """Its one container."""
    (only,) = stateful_set["template"]["spec"]["containers"]
    return dict(only)


def dockerfile(instruction: str) -> list[str]:
    """What follows an instruction, wherever it stands in the Dockerfile."""
    return [
        line.partition(" ")[2].strip() for line in re.sub(r"\\\n\s*", "", DOCKERFILE).splitlines() if line.startswith(instruction)
    ]


def test_images_are_pinned_to_a_version() -> None:
    images = [service["image"] for service in SERVICES.values() if "image" in service] + dockerfile("FROM")
    images += [container(stateful_set)["image"] for stateful_set in STATEFUL_SETS.values()]
    assert len(images) >= 5
    for image in images:
        assert re.fullmatch(r"[\w./-]+:v?\d+\.\d+[\w.-]*", image), image


def test_compose_publishes_ports_on_the_loopback_interface_only() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", ())]
    assert len(ports) == 3
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_what_compose_mounts_builds_and_depends_on_exists() -> None:
    for name, service in SERVICES.items():
        assert set(service.get("depends_on", ())) <= SERVICES.keys(), name
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            assert (DEPLOY / source).exists() if source.startswith(".") else source in COMPOSE["volumes"], volume
        if "build" in service:
            assert ((DEPLOY / service["build"]["context"]) / service["build"]["dockerfile"]).resolve() == DEPLOY / "Dockerfile"


def test_the_worker_of_compose_is_set_up_as_the_program_understands_it() -> None:
    settings = settings_of(SERVICES["worker"]["environment"])
    listeners = dict(item.split("://") for item in SERVICES["kafka"]["environment"]["KAFKA_ADVERTISED_LISTENERS"].split(","))
    assert settings.broker == listeners["BROKER"]
    assert settings.http_host == "0.0.0.0"
    assert listeners["LOCAL"] == Settings.model_fields["broker"].default, "commands on the host need no --broker"


def test_kafka_in_compose_is_set_up_as_the_embedded_one() -> None:
    kafka = SERVICES["kafka"]
    properties = dict(
        line.split("=", 1) for line in (DEPLOY / "kafka" / "server.properties").read_text().splitlines() if re.match(r"[a-z]", line)
    )
    compose = {name.removeprefix("KAFKA_").lower().replace("_", "."): value for name, value in kafka["environment"].items()}
    both = {name for name in properties.keys() & compose.keys() if "listener" not in name and "quorum" not in name}
    assert {name: compose[name] for name in both} == {name: properties[name] for name in both}
    needed = {name for name in properties if re.search(r"replicas|replication\.factor|min\.isr|max\.bytes|auto\.create", name)}
    assert needed <= compose.keys()
    version = kafka["image"].split(":")[1]
    assert f":{version}" in (DEPLOY / "kafka" / "jars.lock").read_text(), "the image is the version of the embedded jars"


def test_one_port_serves_metrics_everywhere() -> None:
    (scrape,) = PROMETHEUS["scrape_configs"]
    (discovery,) = scrape["dns_sd_configs"]
    assert set(discovery["names"]) <= SERVICES.keys()
    ports = [discovery["port"], settings_of(SERVICES["worker"]["environment"]).http_port, settings_of(CONFIG["data"]).http_port]
    ports += [int(port) for port in dockerfile("EXPOSE") + re.findall(r"127\.0\.0\.1:(\d+)/live", DOCKERFILE)]
    ports += [container(stateful_set)["ports"][0]["containerPort"] for stateful_set in STATEFUL_SETS.values()]
    assert len(ports) == 5 + len(STAGES)
    assert set(ports) == {PORT}


def test_grafana_finds_its_dashboard_and_its_data() -> None:
    mounts = dict(volume.split(":")[:2] for volume in SERVICES["grafana"]["volumes"])
    provisioning = DEPLOY / "grafana" / "provisioning"
    assert mounts["./grafana/provisioning"] == "/etc/grafana/provisioning"
    (provider,) = documents(provisioning / "dashboards" / "copydesk.yaml")[0]["providers"]
    dashboard = mounts["./grafana/copydesk.json"]
    assert str(Path(dashboard).parent) == provider["options"]["path"]
    assert dashboard == SERVICES["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
    (source,) = documents(provisioning / "datasources" / "prometheus.yaml")[0]["datasources"]
    host, port = source["url"].removeprefix("http://").split(":")
    assert f"127.0.0.1:{port}:{port}" in SERVICES[host]["ports"]
    assert source["jsonData"]["timeInterval"] == PROMETHEUS["global"]["scrape_interval"]


def test_the_image_copies_what_exists_and_runs_without_root() -> None:
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
    for line in dockerfile("COPY"):
        *sources, _ = line.split()
        for source in sources:
            assert (ROOT / source).exists(), source
            assert f"!{source.removeprefix('./')}" in ignored, f"{source} is not sent to the builder"
    assert dockerfile("USER") == ["10001"]
    assert "--require-hashes" in DOCKERFILE
    assert dockerfile("ENTRYPOINT") == ['["copydesk"]']
    settings_of(dict(pair.split("=") for line in dockerfile("ENV") for pair in line.split()))


def test_every_stage_has_its_stateful_set() -> None:
    assert {f"copydesk-{stage}" for stage in STAGES} == STATEFUL_SETS.keys()
    for name, stateful_set in STATEFUL_SETS.items():
        worker = container(stateful_set)
        stage = name.removeprefix("copydesk-")
        assert worker["args"] == ["worker", "--stage", stage]
        labels = stateful_set["template"]["metadata"]["labels"]
        assert labels == stateful_set["selector"]["matchLabels"]
        assert labels["app.kubernetes.io/component"] == stage
        (service,) = (manifest for manifest in MANIFESTS if manifest["kind"] == "Service")
        assert stateful_set["serviceName"] == service["metadata"]["name"]
        assert service["spec"]["selector"].items() <= labels.items()


@pytest.mark.parametrize("stage", STAGES)
def test_a_pod_has_a_stable_name_probes_and_settings_that_exist(stage: str) -> None:
    stateful_set = STATEFUL_SETS[f"copydesk-{stage}"]
    worker = container(stateful_set)
    own = {variable["name"]: variable for variable in worker["env"]}
    assert own["COPYDESK_INSTANCE"]["valueFrom"]["fieldRef"]["fieldPath"] == "metadata.name"
    assert worker["envFrom"] == [{"configMapRef": {"name": CONFIG["metadata"]["name"]}}]
    values = {name: variable["value"] for name, variable in own.items() if "value" in variable}
    assert settings_of(CONFIG["data"] | values).replication_factor == 3
    assert worker["livenessProbe"]["httpGet"]["path"] == "/live"
    assert worker["readinessProbe"]["httpGet"]["path"] == "/ready"
    assert {worker[probe]["httpGet"]["port"] for probe in ("livenessProbe", "readinessProbe", "startupProbe")} == {"metrics"}
    assert worker["resources"]["limits"]["memory"]
    assert stateful_set["template"]["spec"]["securityContext"]["runAsUser"] == int(dockerfile("USER")[0])


@pytest.mark.parametrize("file", ["compose.yaml", "kubernetes/copydesk.yaml"])
def test_what_they_show_for_a_secured_cluster_lets_a_worker_in_with_secrets_from_files(file: str, tmp_path: Path) -> None:
    shown = dict(re.findall(r"^ +# (COPYDESK_\w+): (\S+)$", (DEPLOY / file).read_text(), re.MULTILINE))
    mounted = {name: value for name, value in shown.items() if name.endswith("_FILE")}
    assert len(mounted) == 2
    for name, path in mounted.items():
        assert path.startswith("/run/secrets/")
        shown[name] = str(tmp_path / Path(path).name)
        trustme.CA().cert_pem.write_to_path(shown[name])
    assert settings_of(shown).security_protocol == "SASL_SSL"
    assert not any("PASSWORD" in name for name in shown.keys() - mounted.keys()), "a secret is in no file that is applied"


def test_every_pod_mounts_the_secret_where_the_settings_say_and_runs_without_one() -> None:
    folder = Path(re.findall(r"# COPYDESK_SSL_CA_FILE: (\S+)", (DEPLOY / "kubernetes" / "copydesk.yaml").read_text())[0]).parent
    for stateful_set in STATEFUL_SETS.values():
        (mount,) = (mount for mount in container(stateful_set)["volumeMounts"] if mount["name"] == "secrets")
        assert (mount["mountPath"], mount["readOnly"]) == (str(folder), True)
        (volume,) = (volume for volume in stateful_set["template"]["spec"]["volumes"] if volume["name"] == "secrets")
        assert volume["secret"]["optional"]
        assert volume["secret"]["defaultMode"] == 0o440


def test_a_stop_leaves_the_worker_the_time_that_it_takes() -> None:
    graces = [int(SERVICES["worker"]["stop_grace_period"].removesuffix("s"))]
    graces += [stateful_set["template"]["spec"]["terminationGracePeriodSeconds"] for stateful_set in STATEFUL_SETS.values()]
    assert all(grace_s > STOP_TIMEOUT_S for grace_s in graces)


def test_what_starts_a_worker_again_whatever_its_exit_code_has_it_hold_a_blown_fuse_for_a_day() -> None:
    assert SERVICES["worker"]["restart"] == "unless-stopped"  # a StatefulSet's pods know no other way
    for environment in (SERVICES["worker"]["environment"], CONFIG["data"]):
        assert settings_of(environment).fuse_hold_s == 24 * 60 * 60


def test_a_pod_is_left_alone_while_a_worker_that_crashed_stops_and_pauses_before_its_next_start() -> None:
    for stateful_set in STATEFUL_SETS.values():
        probe = container(stateful_set)["livenessProbe"]
        assert probe["periodSeconds"] * probe["failureThreshold"] > CRASHED_STOP_TIMEOUT_S + LONGEST_PAUSE_S + STARTED_AFTER_S


def held_mb(settings: Settings, stage: str) -> float:
    """What a stage holds at most with all partitions of its input in one worker, state left out: docs/reliability.md, "Limits"."""
    lanes, record_mb = SOURCES[stage].partitions or settings.partitions, MAX_RECORD_BYTES / MB
    window_mb, buffer_mb = settings.window_bytes / MB, settings.buffer_bytes / MB
    fetched, buffered, in_lanes = 3 * lanes * record_mb, buffer_mb + record_mb, lanes * (window_mb + record_mb)
    results = lanes * (4 * (window_mb + record_mb) + 2 * settings.window)
    transaction = 2 * lanes * (window_mb + 4 * record_mb + 2)
    return fetched + buffered + in_lanes + results + transaction


def pool_mb(settings: Settings) -> float:
    """What the pool's processes hold at most."""
    return (settings.pool_processes + 1) * settings.process_memory_mb


def test_the_sums_of_what_is_held_are_those_of_the_documentation() -> None:
    shipped = Settings(pool_processes=2)
    assert f"| {held_mb(shipped, 'clean'):,.0f} MB at worst |" in LIMITS
    everything = sum(held_mb(shipped, stage) for stage in STAGES) + pool_mb(shipped) + WORKER_MB
    assert f"at worst {everything / 1024:.1f} GB for all four stages" in LIMITS


@pytest.mark.parametrize("stage", STAGES)
def test_a_pod_may_hold_what_its_stage_holds_at_worst_and_some_state(stage: str) -> None:
    worker = container(STATEFUL_SETS[f"copydesk-{stage}"])
    settings = settings_of(
        CONFIG["data"] | {variable["name"]: variable["value"] for variable in worker["env"] if "value" in variable}
    )
    held = held_mb(settings, stage) + WORKER_MB + (pool_mb(settings) if STAGES[stage].in_pool else 0)
    limit_mb = int(worker["resources"]["limits"]["memory"].removesuffix("Gi")) * 1024
    assert limit_mb >= held + STATE_MB
    assert re.search(rf"\b{held / 1024:.1f}\b", LIMITS), "as documented"


def test_the_package_that_the_image_installs_holds_every_file(tmp_path: Path) -> None:
    """Rules, word lists and gazetteers are files beside the code."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path], cwd=ROOT, check=True, capture_output=True
    )
    (wheel,) = tmp_path.glob("*.whl")
    packed = set(zipfile.ZipFile(wheel).namelist())
    files = {
        str(file.relative_to(ROOT))
        for package in PACKAGES
        for file in (ROOT / package).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    assert files - packed == set()
