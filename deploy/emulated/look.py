"""Prints what is in the emulated account as JSON: its stacks, its exports, and what was published."""

import json
import os

import boto3


def client(service):
    return boto3.client(service, endpoint_url=os.environ["AWS_ENDPOINT_URL"])


formation, s3, ecr = client("cloudformation"), client("s3"), client("ecr")
stacks = {
    stack["StackName"]: {
        "status": stack["StackStatus"],
        "resources": len(
            formation.list_stack_resources(StackName=stack["StackName"])["StackResourceSummaries"]
        ),
    }
    for stack in formation.describe_stacks()["Stacks"]
}
files = [
    item["Key"]
    for bucket in s3.list_buckets()["Buckets"]
    if bucket["Name"].startswith("cdk-")
    for item in s3.list_objects_v2(Bucket=bucket["Name"]).get("Contents", [])
]
images = [
    image["imageTag"]
    for repository in ecr.describe_repositories()["repositories"]
    for image in ecr.list_images(repositoryName=repository["repositoryName"])["imageIds"]
]
exports = formation.list_exports()["Exports"]
print(json.dumps({"stacks": stacks, "files": files, "images": images, "exports": len(exports)}))
