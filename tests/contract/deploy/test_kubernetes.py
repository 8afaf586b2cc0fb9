"""The Kubernetes manifests: Kubernetes' schemas, and the properties they promise."""

import subprocess
import warnings
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import kubernetes_validate
import pytest
import yaml

from syncserver import config
from syncserver.backup import backup_crypto

FOLDER = Path(__file__).parents[3] / "packaging" / "server" / "kubernetes"
KUSTOMIZATION = yaml.safe_load((FOLDER / "kustomization.yaml").read_text())
OBJECTS: list[dict[str, Any]] = [
    document
    for name in (*KUSTOMIZATION["resources"], "secret.example.yaml")
    for document in yaml.safe_load_all((FOLDER / name).read_text())
]


def named(kind: str, name: str) -> dict[str, Any]:
    return next(o for o in OBJECTS if o["kind"] == kind and o["metadata"]["name"] == name)


def pods() -> list[dict[str, Any]]:
    found = []
    for thing in OBJECTS:
        spec = thing.get("spec", {})
        spec = spec.get("jobTemplate", {}).get("spec", spec)
        if "template" in spec:
            found.append(spec["template"]["spec"])
    return found


@pytest.mark.parametrize("thing", OBJECTS, ids=lambda o: f"{o['kind']}-{o['metadata']['name']}")
def test_every_object_is_what_kubernetes_says(thing: dict[str, Any]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # inside the validator
        for release in ("1.30", kubernetes_validate.latest_version()):
            kubernetes_validate.validate(thing, release, strict=True)


def test_every_file_is_used_or_known_to_be_optional() -> None:
    files = {path.name for path in FOLDER.glob("*.yaml")}
    assert files - set(KUSTOMIZATION["resources"]) == {
        "kustomization.yaml",
        "secret.example.yaml",
        "postgres-operator.yaml",
    }


def test_every_pod_keeps_to_the_restricted_standard() -> None:
    assert len(pods()) == 4
    for pod in pods():
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert pod["automountServiceAccountToken"] is False
        for container in pod["containers"]:
            context = container["securityContext"]
            assert context["allowPrivilegeEscalation"] is False
            assert context["readOnlyRootFilesystem"] is True
            assert context["capabilities"] == {"drop": ["ALL"]}
            assert container["resources"]["limits"]["memory"]
            mounts = {mount["name"] for mount in container["volumeMounts"]}
            assert mounts == {volume["name"] for volume in pod["volumes"]}


def test_scaling_and_disruptions_mean_the_server() -> None:
    deployment = named("Deployment", "server")
    labels = deployment["spec"]["template"]["metadata"]["labels"].items()
    budget = named("PodDisruptionBudget", "server")["spec"]
    scaler = named("HorizontalPodAutoscaler", "server")["spec"]
    assert scaler["scaleTargetRef"] == {"apiVersion": "apps/v1", "kind": "Deployment", "name": "server"}
    assert scaler["minReplicas"] > budget["minAvailable"]
    assert budget["selector"]["matchLabels"].items() <= labels
    assert named("Service", "server")["spec"]["selector"].items() <= labels
    assert deployment["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0


def test_postgres_has_connections_for_every_server() -> None:
    objects = list(yaml.safe_load_all((FOLDER / "postgres-operator.yaml").read_text()))
    [database] = [each["spec"] for each in objects if each["kind"] == "Cluster"]
    stores = {each["metadata"]["name"] for each in objects if each["kind"] == "ObjectStore"}
    processes = named("HorizontalPodAutoscaler", "server")["spec"]["maxReplicas"]
    connections = config.Config().pool_size + 1
    assert int(database["postgresql"]["parameters"]["max_connections"]) >= processes * connections + 10
    assert database["instances"] == 3
    assert database["postgresql"]["synchronous"]["dataDurability"] == "required"
    assert {plugin["parameters"]["barmanObjectName"] for plugin in database["plugins"]} == stores


def test_valkey_is_reached_by_sentinel(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text(named("Secret", "syncserver")["stringData"]["syncserver.toml"])
    url = urlsplit(config.load_config({"SYNC_CONFIG": str(tmp_path / "s.toml")}).redis_url)
    script = named("ConfigMap", "valkey")["data"]["valkey.sh"]
    assert url.scheme == "redis+sentinel"
    assert f"sentinel monitor {url.path.split('/')[1]} " in script
    pods = [f"valkey-{number}.valkey:26379" for number in range(named("StatefulSet", "valkey")["spec"]["replicas"])]
    assert url.netloc.split(",") == pods
    assert subprocess.run(["sh", "-n"], input=script, text=True, check=False).returncode == 0


def test_only_the_backup_has_the_key_that_signs_backups() -> None:
    secret = named("Secret", "backup-signing-key")
    (file,) = secret["stringData"]
    having = [pod for pod in pods() if "backup-signing-key" in str(pod)]
    assert having == [named("CronJob", "backup")["spec"]["jobTemplate"]["spec"]["template"]["spec"]]
    [pod] = having
    [container] = pod["containers"]
    mounted = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
    (volume,) = [
        each["name"]
        for each in pod["volumes"]
        if each.get("secret", {}).get("secretName") == secret["metadata"]["name"]
    ]
    environment = {each["name"]: each["value"] for each in container["env"]}
    assert config.load_config(environment).backup_signing_key_file == f"{mounted[volume]}/{file}"
    with pytest.raises(backup_crypto.UnsealError):  # what is not filled in makes no backup, rather than one unsigned
        backup_crypto.signer_of(secret["stringData"][file])


def test_settings_and_secret_are_the_servers(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text(named("Secret", "syncserver")["stringData"]["syncserver.toml"])
    settings = config.load_config(named("ConfigMap", "settings")["data"] | {"SYNC_CONFIG": str(tmp_path / "s.toml")})
    assert settings.on_postgres
    pod = named("Deployment", "server")["spec"]["template"]["spec"]
    stopping = settings.drain_seconds + settings.shutdown_seconds
    assert pod["terminationGracePeriodSeconds"] > stopping
    [container] = pod["containers"]
    probe = container["readinessProbe"]
    assert probe["periodSeconds"] * probe["failureThreshold"] < settings.drain_seconds
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    assert ports == {"http": settings.port, "metrics": settings.metrics_port}
