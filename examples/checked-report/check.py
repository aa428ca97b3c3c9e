"""Checks an import before it is published. If this raises an error, the import fails and yesterday's report stays."""

import json

import boto3

s3 = boto3.client("s3")


def handler(event, context):
    place = event["summary"]
    summary = json.load(s3.get_object(Bucket=place["bucket"], Key=place["key"])["Body"])
    for sample in summary["samples"]:
        # For CSV imports, sample fields are strings.
        if float(sample["record"]["total"] or 0) < 0:
            raise ValueError(f"page {sample['page']} begins with an order with a negative total")
