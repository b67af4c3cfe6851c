"""Notices that leave the house: by mail, and by robots of 企业微信 and 钉钉; each person's own choice, with quiet hours."""
