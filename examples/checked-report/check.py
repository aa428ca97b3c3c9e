"""Looks at an import before it is published. What it raises ends the import, and yesterday's report stands."""

import json

import boto3

s3 = boto3.client("s3")


def handler(event, context):
    place = event["summary"]
    summary = json.load(s3.get_object(Bucket=place["bucket"], Key=place["key"])["Body"])
    for sample in summary["samples"]:
        # Samples of a CSV are texts.
        if float(sample["record"]["total"] or 0) < 0:
            raise ValueError(f"page {sample['page']} begins with an order of less than nothing")
