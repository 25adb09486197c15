"""An S3 server that checks signatures: that of moto, with its checks switched on and one key.

Prints where it is, as `http://KEY:SECRET@host:port/bucket`, and serves until it is ended.
"""

import json
import os
import sys
import time
import urllib.request

import boto3
from moto.server import ThreadedMotoServer

BUCKET = "confab-files"


def main(port: int) -> None:
    os.environ.update(AWS_ACCESS_KEY_ID="nobody", AWS_SECRET_ACCESS_KEY="nothing")
    ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False).start()
    url = f"http://127.0.0.1:{port}"
    boto3.client("s3", endpoint_url=url, region_name="us-east-1").create_bucket(Bucket=BUCKET)
    iam = boto3.client("iam", endpoint_url=url, region_name="us-east-1")
    iam.create_user(UserName="confab")
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [everything]})
    iam.put_user_policy(UserName="confab", PolicyName="everything", PolicyDocument=policy)
    # A secret with a slash would not fit into the address.
    key = iam.create_access_key(UserName="confab")["AccessKey"]
    while "/" in key["SecretAccessKey"] or "@" in key["SecretAccessKey"]:
        iam.delete_access_key(UserName="confab", AccessKeyId=key["AccessKeyId"])
        key = iam.create_access_key(UserName="confab")["AccessKey"]
    # From the next request on every signature is checked.
    plain = {"Content-Type": "text/plain"}
    urllib.request.urlopen(urllib.request.Request(f"{url}/moto-api/reset-auth", b"0", plain)).close()
    print(f"http://{key['AccessKeyId']}:{key['SecretAccessKey']}@127.0.0.1:{port}/{BUCKET}", flush=True)
    while True:
        time.sleep(3600)


if __name__ == "__main__":
    main(int(sys.argv[1]))
