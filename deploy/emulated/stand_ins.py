"""Resource types that moto's CloudFormation lacks or can't make, from CloudFormation's own schemas.

Nothing runs behind them; they have the attributes of the real ones and no others. What any resource is
given, moto's own too, is held to its schema once every reference in it is resolved, which no linter can do.
"""

import hashlib
import json
import re
import traceback

import jsonschema
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER
from jsonschema import Draft7Validator
from jsonschema.validators import extend
from moto.cloudformation import parsing
from moto.cloudformation.exceptions import ValidationError
from moto.core.common_models import CloudFormationModel

# An unknown type fails the deployment: moto alone would leave the resource out and say nothing.
TYPES = frozenset(
    [
        "AWS::APS::RuleGroupsNamespace",
        "AWS::APS::Workspace",
        "AWS::ApplicationAutoScaling::ScalableTarget",
        "AWS::ApplicationAutoScaling::ScalingPolicy",
        "AWS::Budgets::Budget",
        "AWS::CloudWatch::Alarm",
        "AWS::EC2::SecurityGroupEgress",
        "AWS::Grafana::Workspace",
        # moto's does not read the tags
        "AWS::KMS::Key",
        "AWS::KafkaConnect::Connector",
        "AWS::KafkaConnect::CustomPlugin",
        "AWS::KafkaConnect::WorkerConfiguration",
        "AWS::Lambda::EventSourceMapping",
        # a function of moto's takes no reference to a layer of moto's
        "AWS::Lambda::LayerVersion",
        "AWS::Logs::MetricFilter",
        "AWS::MSK::Cluster",
        "AWS::MSK::Configuration",
        "AWS::MSK::Topic",
        "AWS::MWAA::Environment",
        "AWS::Route53Resolver::FirewallDomainList",
        "AWS::Route53Resolver::FirewallRuleGroup",
        "AWS::Route53Resolver::FirewallRuleGroupAssociation",
        "AWS::Route53Resolver::ResolverQueryLoggingConfig",
        "AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation",
        "AWS::S3::BucketPolicy",
        "AWS::SecretsManager::Secret",
        "AWS::SNS::Subscription",
        "AWS::SNS::TopicPolicy",
    ]
)

# What is taken apart or put together elsewhere has the form of the real one.
ARNS = {
    "AWS::APS::Workspace": "aps:{region}:{account}:workspace/ws-{uuid}",
    "AWS::KMS::Key": "kms:{region}:{account}:key/{uuid}",
    "AWS::Lambda::LayerVersion": "lambda:{region}:{account}:layer:{name}:1",
    "AWS::MSK::Cluster": "kafka:{region}:{account}:cluster/{name}/{uuid}-1",
    "AWS::SecretsManager::Secret": "secretsmanager:{region}:{account}:secret:{name}-a1B2c3",
}
ENDPOINTS = {
    "AWS::APS::Workspace": "https://aps-workspaces.{region}.amazonaws.com/workspaces/{uuid}/",
    "AWS::Grafana::Workspace": "{uuid}.grafana-workspace.{region}.amazonaws.com",
    "AWS::MWAA::Environment": "{uuid}.c1.airflow.{region}.on.aws",
}


class StandIn(CloudFormationModel):
    """One resource: what it was given, and what it answers."""

    # moto files its models by the second part of their module
    __module__ = "moto.stand_ins"

    def __init__(self, name, kind, properties, account, region, logical_id):
        self.name, self.kind, self.properties = name, kind, properties
        self.account, self.region, self.logical_id = account, region, logical_id

    @property
    def physical_resource_id(self):
        if self.kind.startswith("Custom::"):
            return self.name
        parts = [path.removeprefix("/properties/") for path in schema_of(self.kind)["primaryIdentifier"]]
        return "|".join(str(self.properties.get(part) or self.made_up(part)) for part in parts)

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name, cloudformation_json, account_id, region_name, **kwargs
    ):
        properties = cloudformation_json["Properties"]
        return cls(
            resource_name, kwargs["ResourceType"], properties, account_id, region_name, kwargs["LogicalId"]
        )

    @classmethod
    def update_from_cloudformation_json(
        cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name
    ):
        original_resource.properties = cloudformation_json["Properties"]
        return original_resource

    @classmethod
    def delete_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name):
        """Holds nothing."""

    def delete(self, account_id=None, region_name=None):
        """Holds nothing."""

    def is_created(self):
        return True

    @classmethod
    def has_cfn_attr(cls, attr):
        # asked of the class, which does not know its type: get_cfn_attribute refuses
        return True

    def get_cfn_attribute(self, attribute_name):
        if self.kind.startswith("Custom::"):
            return f"{self.logical_id}.{attribute_name}"
        path = "/properties/" + attribute_name.replace(".", "/")
        if path not in schema_of(self.kind).get("readOnlyProperties", []):
            raise ValidationError(message=f"{self.logical_id}: {self.kind} has no attribute {attribute_name}")
        return self.made_up(attribute_name)

    def made_up(self, attribute):
        """The same for the same resource, in the form of the real one where that matters."""
        name = self.properties.get("Name") or self.properties.get("ClusterName") or self.name
        digest = hashlib.sha256(f"{self.kind} {self.name}".encode()).hexdigest()
        uuid = re.sub(r"^(.{8})(.{4})(.{4})(.{4})(.{12}).*$", r"\1-\2-\3-\4-\5", digest)
        facts = {"region": self.region, "account": self.account, "name": name, "uuid": uuid}
        service, thing = self.kind.split("::")[1:]
        if attribute.endswith("Arn") or (attribute == "Id" and self.kind in ARNS):
            usual = f"{service.lower()}:{{region}}:{{account}}:{thing.lower()}/{{name}}"
            return "arn:aws:" + ARNS.get(self.kind, usual).format(**facts)
        if attribute.endswith("Revision"):
            return 1
        if attribute.endswith(("Endpoint", "Url")):
            return ENDPOINTS[self.kind].format(**facts)
        return uuid


def check(kind, logical_id, properties, region):
    """Raises what CloudFormation would answer to properties that the type does not take."""
    if kind.startswith("Custom::"):
        if not str(properties.get("ServiceToken", "")).startswith("arn:aws:lambda:"):
            raise ValidationError(message=f"{logical_id}: expected a function as its ServiceToken")
        return
    errors = sorted(
        Validator(schema_of(kind, region)).iter_errors(properties), key=lambda error: list(error.path)
    )
    if errors:
        told = "; ".join(
            f"{'/'.join(map(str, error.path)) or 'properties'}: {error.message}" for error in errors
        )
        raise ValidationError(message=f"{logical_id} ({kind}): {told}")


def schema_of(kind, region="us-east-1"):
    return PROVIDER_SCHEMA_MANAGER.get_resource_schema(region, kind).schema


def is_text(_checker, value):
    return isinstance(value, (str, int, float, bool))


def is_whole(_checker, value):
    return not isinstance(value, bool) and re.fullmatch(r"-?\d+", str(value)) is not None


def is_boolean(_checker, value):
    return isinstance(value, bool) or value in ("true", "false")


def readable(wanted):
    """Patterns are Java's; the few that Python does not read are left to AWS."""
    try:
        re.compile(wanted)
    except re.error:
        return False
    return True


def pattern(_validator, wanted, value, _schema):
    if readable(wanted) and not re.search(wanted, str(value)):
        yield jsonschema.ValidationError(f"{json.dumps(value)[:200]} does not match {wanted}")


def pattern_properties(validator, patterns, value, schema):
    known = {wanted: inner for wanted, inner in patterns.items() if readable(wanted)}
    yield from Draft7Validator.VALIDATORS["patternProperties"](validator, known, value, schema)


def additional_properties(validator, allowed, value, schema):
    if all(map(readable, schema.get("patternProperties", {}))):
        yield from Draft7Validator.VALIDATORS["additionalProperties"](validator, allowed, value, schema)


def ignore(*_args):
    return None


# CloudFormation turns text into numbers and back; `format` names types of its own.
Validator = extend(
    Draft7Validator,
    validators={
        "additionalProperties": additional_properties,
        "format": ignore,
        "pattern": pattern,
        "patternProperties": pattern_properties,
    },
    type_checker=Draft7Validator.TYPE_CHECKER.redefine_many(
        {"string": is_text, "integer": is_whole, "boolean": is_boolean}
    ),
)


def install():
    """Lets moto's CloudFormation find the stand-ins."""
    known = parsing.resource_class_from_type

    def resource_class_from_type(kind):
        if kind in TYPES or kind.startswith("Custom::"):
            return StandIn
        model = known(kind)
        if model is None and kind not in parsing.NULL_MODELS:
            raise ValidationError(message=f"neither moto nor stand_ins.py knows {kind}: add it to TYPES")
        return model

    parsing.resource_class_from_type = resource_class_from_type

    resolve = parsing.parse_resource_and_generate_name

    def parse_resource_and_generate_name(logical_id, resource_json, resources_map):
        found = resolve(logical_id, resource_json, resources_map)
        if found:
            check(resource_json["Type"], logical_id, found[1]["Properties"], resources_map["AWS::Region"])
        return found

    parsing.parse_resource_and_generate_name = parse_resource_and_generate_name

    make = parsing.parse_and_create_resource

    def parse_and_create_resource(logical_id, resource_json, *args, **kwargs):
        try:
            return make(logical_id, resource_json, *args, **kwargs)
        except (KeyError, TypeError, AttributeError) as error:
            # moto takes a KeyError for a resource that is not in the template
            traceback.print_exc()
            told = f"{logical_id} ({resource_json.get('Type')}): moto failed with {error!r}"
            raise ValidationError(message=told) from error

    parsing.parse_and_create_resource = parse_and_create_resource
